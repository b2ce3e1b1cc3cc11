#!/usr/bin/env bash
# Plain videos: a pulse where there is one, a clear status where there is none.
. "$RPPG_SOURCE/tests/cli/case.sh"
video=$RPPG_TEST_DATA/ubfc/subject1/vid.avi

expect 0 rppg predict "$video" --json -o out
[[ $(wc -l < stdout) == 1 ]] || fail "not one object per video"
for key in '"id"' '"status"' '"heart_rate_bpm"' '"quality"'; do says stdout "$key"; done
says stdout '"status":"ok"'

ffmpeg -v error -f lavfi -i "testsrc2=s=320x240:r=30:d=8" -c:v mjpeg noface.avi
ffmpeg -v error -i "$video" -vf "select=eq(n\,0),loop=240:1:0,setpts=N/30/TB" -frames:v 240 -r 30 -c:v mjpeg -q:v 2 photo.avi
echo text > text.avi
expect 10 rppg predict noface.avi photo.avi text.avi "$video" missing.mp4 --json -o mixed
[[ $(wc -l < stdout) == 5 ]] || fail "not one object per video"
grep noface stdout | grep -q '"failed"' || fail "no face: $(grep noface stdout)"
grep noface stdout | grep -q 'no face' || fail "the reason is not given"
grep photo stdout | grep -q '"no_pulse"' || fail "photo: $(grep photo stdout)"
grep '"text"' stdout | grep -q '"failed"' || fail "text file: $(grep text stdout)"
grep missing stdout | grep -q 'missing.mp4' || fail "missing file: $(grep missing stdout)"

expect 0 rppg predict noface.avi --on-no-face fullframe -o full
expect 11 rppg predict noface.avi --on-no-face skip --json -o skipped
says stdout '"skipped"'
expect 64 rppg predict -o out2

#!/usr/bin/env bash
# Makes the data sets that the cases share, once. Usage: setup.sh RPPG FOLDER
set -euo pipefail
rppg=$1
data=$2
rm -rf "$data"
mkdir -p "$data"
"$rppg" synthesize ubfc-rppg "$data/ubfc" --subjects 4 --seconds 14 --size 320x240 --codec mjpeg --quiet
"$rppg" synthesize pure "$data/pure" --subjects 3 --seconds 14 --size 320x240 --quiet
"$rppg" synthesize mcd-rppg "$data/mcd" --subjects 1 --seconds 14 --size 320x240 --codec ffv1 --quiet

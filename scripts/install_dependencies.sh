#!/usr/bin/env bash
# Installs what is missing to build and test on Debian 12; asks for nothing. Needs root or sudo, and
# does nothing when all packages are there.
set -euo pipefail
packages=(
  g++ cmake make ninja-build pkg-config git
  libavformat-dev libavcodec-dev libavutil-dev libswscale-dev
  libopencv-core-dev libopencv-imgproc-dev libopencv-objdetect-dev libopencv-dnn-dev opencv-data
  libeigen3-dev libkissfft-dev libhdf5-dev libmd-dev libzip-dev libcli11-dev nlohmann-json3-dev
  doctest-dev
)
# What the tests run beside the program; --build-only leaves it out.
[[ ${1:-} == --build-only ]] || packages+=(ffmpeg hdf5-tools strace)
[[ ${1:-} != --lint ]] || packages+=(clang-format-14 clang-tidy-14 clang-14 shellcheck)

missing=()
for package in "${packages[@]}"; do
  state=$(dpkg-query -W -f '${Status}' "$package" 2>/dev/null || true)
  [[ $state == *"install ok installed" ]] || missing+=("$package")
done
((${#missing[@]})) || exit 0

as_root=()
if [[ $(id -u) != 0 ]]; then
  command -v sudo >/dev/null || { echo "install_dependencies: missing: ${missing[*]}; root or sudo is needed" >&2; exit 1; }
  as_root=(sudo)
fi
echo "installing: ${missing[*]}" >&2
export DEBIAN_FRONTEND=noninteractive
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2

#!/usr/bin/env bash
# Builds llama.cpp's server from the source that PyPI's llama-cpp-python carries, with what the models need beside it.
# Usage: build.sh DIR [JOBS]. Takes 10 to 20 minutes on two cores the first time and nothing after that.
set -euo pipefail
dir=${1:?the folder to build in}
jobs=${2:-2}
version=0.3.36
source="$dir/src/llama_cpp_python-$version/vendor/llama.cpp"
build="$dir/build-llama"
mkdir -p "$dir/dl" "$dir/src"
if [ ! -x "$dir/venv/bin/cmake" ]; then
  python3 -m venv "$dir/venv"
  "$dir/venv/bin/pip" -q install cmake ninja 'gguf==0.19.0'
fi
if [ ! -f "$dir/dl/llama_cpp_python-$version.tar.gz" ]; then
  "$dir/venv/bin/pip" -q download --no-deps --no-binary llama-cpp-python -d "$dir/dl" "llama-cpp-python==$version"
fi
if [ ! -d "$source" ]; then
  tar xzf "$dir/dl/llama_cpp_python-$version.tar.gz" -C "$dir/src" "llama_cpp_python-$version/vendor/llama.cpp"
fi
export PATH="$dir/venv/bin:$PATH"
cmake -S "$source" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release \
  -DCMAKE_C_FLAGS_RELEASE=-O1 -DCMAKE_CXX_FLAGS_RELEASE=-O1 \
  -DBUILD_SHARED_LIBS=OFF -DGGML_NATIVE=OFF -DGGML_OPENMP=OFF -DLLAMA_OPENSSL=OFF -DLLAMA_CURL=OFF \
  -DLLAMA_BUILD_TESTS=OFF -DLLAMA_BUILD_EXAMPLES=OFF -DLLAMA_BUILD_APP=OFF -DLLAMA_BUILD_UI=OFF \
  -DLLAMA_USE_PREBUILT_UI=OFF -DLLAMA_BUILD_SERVER=ON -DLLAMA_BUILD_TOOLS=ON
cmake --build "$build" --target llama-server -j "$jobs"

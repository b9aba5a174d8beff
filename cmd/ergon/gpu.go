//go:build gpu

package main

import _ "ergon/internal/gpu/cuda" // engine.device=gpu

// Walks over a tree, for whoever looks at stacks, arguments, package variables and the heap: a function that calls
// itself, goroutines that wait for each other, and the callers that the Go runtime itself tells.
package main

import "runtime"

type node struct {
	left, right *node
	value       int
}

// visits counts the nodes walked over.
var visits int

// total is written in every round, often with the value that it has.
var total = new(int)

var root *node

func build(depth int) *node {
	if depth == 0 {
		return nil
	}
	return &node{left: build(depth - 1), right: build(depth - 1), value: depth}
}

func walk(at *node, depth int) int {
	if at == nil {
		return leaf(depth)
	}
	visits++
	return walk(at.left, depth+1) + at.value + walk(at.right, depth+1)
}

//go:noinline
func leaf(depth int) int {
	return depth & 1
}

//go:noinline
func callers() {
	var places [16]uintptr
	frames := runtime.CallersFrames(places[:runtime.Callers(1, places[:])])
	for {
		frame, more := frames.Next()
		println("caller", frame.Function, frame.Line)
		if !more {
			return
		}
	}
}

func worker(results chan<- int, rounds int) {
	for round := 0; round < rounds; round++ {
		sum := walk(root, 0)
		*total = sum
		results <- sum
	}
	callers()
	close(results)
}

func main() {
	root = build(7)
	results := make(chan int)
	go worker(results, 20)
	sum := 0
	for result := range results {
		sum += result
	}
	println("visits", visits, "sum", sum, "total", *total)
}

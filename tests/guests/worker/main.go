// Goroutines that hand work to each other over channels, share a map under a mutex, sleep, and sit on threads of
// their own, so that a scheduler has something to do. The exit code says whether the sums are right.
package main

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

const jobs = 600

type result struct {
	number int
	text   string
}

func produce(numbers chan<- int) {
	for number := 1; number <= jobs; number++ {
		numbers <- number
	}
	close(numbers)
}

func work(numbers <-chan int, results chan<- result, isPinned bool) {
	if isPinned {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
	}
	for number := range numbers {
		results <- result{number, strings.Repeat("x", number%7)}
	}
}

func main() {
	numbers := make(chan int)
	results := make(chan result, 4)
	var workers sync.WaitGroup
	for worker := 0; worker < 3; worker++ {
		workers.Add(1)
		go func(isPinned bool) {
			defer workers.Done()
			work(numbers, results, isPinned)
		}(worker == 0)
	}
	go produce(numbers)
	go func() {
		workers.Wait()
		close(results)
	}()

	var lock sync.Mutex
	lengths := map[int]int{}
	var sum atomic.Int64
	var readers sync.WaitGroup
	for reader := 0; reader < 2; reader++ {
		readers.Add(1)
		go func() {
			defer readers.Done()
			for read := range results {
				lock.Lock()
				lengths[len(read.text)]++
				lock.Unlock()
				sum.Add(int64(read.number))
			}
		}()
	}
	readers.Wait()

	ticks := 0
	ticker := time.NewTicker(time.Millisecond)
	deadline := time.After(4 * time.Millisecond)
	for isWaiting := true; isWaiting; {
		select {
		case <-ticker.C:
			ticks++
		case <-deadline:
			isWaiting = false
		}
	}
	ticker.Stop()
	runtime.GC()
	fmt.Println(runtime.Version(), sum.Load(), len(lengths))
	if sum.Load() != jobs*(jobs+1)/2 || len(lengths) != 7 {
		os.Exit(1)
	}
}

// A Go program with the mix of work that real ones do: maps, hashes, sorting, big numbers and JSON. Its exit code
// says whether the results are what they must be.
package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"math/big"
	"os"
	"sort"
	"strconv"
)

const rounds = 5

type account struct {
	Name    string   `json:"name"`
	Balance uint64   `json:"balance"`
	Tags    []string `json:"tags"`
}

type randomNumbers uint64

func (state *randomNumbers) next() uint64 {
	number := uint64(*state)
	number ^= number << 13
	number ^= number >> 7
	number ^= number << 17
	*state = randomNumbers(number)
	return number
}

// words counts words in a map and adds up the counts.
func words(random *randomNumbers) int {
	counts := map[string]int{}
	for index := 0; index < 20000; index++ {
		counts["word"+strconv.FormatUint(random.next()%3000, 10)]++
	}
	for key, count := range counts {
		if count < 4 {
			delete(counts, key)
		}
	}
	sum := 0
	for _, count := range counts {
		sum += count
	}
	return sum
}

// chain hashes the hash before.
func chain(start []byte, count int) []byte {
	digest := sha256.Sum256(start)
	for index := 0; index < count; index++ {
		digest = sha256.Sum256(digest[:])
	}
	return digest[:]
}

func sorted(random *randomNumbers) bool {
	numbers := make([]uint64, 15000)
	for index := range numbers {
		numbers[index] = random.next()
	}
	sort.Slice(numbers, func(i, j int) bool { return numbers[i] < numbers[j] })
	for index := 1; index < len(numbers); index++ {
		if numbers[index-1] > numbers[index] {
			return false
		}
	}
	return true
}

// fermat tests a Mersenne prime by a power.
func fermat() bool {
	prime := new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), 521), big.NewInt(1))
	exponent := new(big.Int).Sub(prime, big.NewInt(1))
	return new(big.Int).Exp(big.NewInt(3), exponent, prime).Cmp(big.NewInt(1)) == 0
}

// roundTrip writes accounts as JSON, reads them back and writes them again.
func roundTrip(random *randomNumbers) (int, bool) {
	accounts := make([]account, 400)
	for index := range accounts {
		number := random.next()
		accounts[index] = account{
			Name:    fmt.Sprintf("account-%d", number%100000),
			Balance: number,
			Tags:    []string{"a", strconv.Itoa(index)},
		}
	}
	first, err := json.Marshal(accounts)
	if err != nil {
		return 0, false
	}
	var read []account
	if err := json.Unmarshal(first, &read); err != nil {
		return 0, false
	}
	second, err := json.Marshal(read)
	return len(first), err == nil && bytes.Equal(first, second)
}

func main() {
	random := randomNumbers(0x9e3779b97f4a7c15)
	digest := []byte("start")
	for round := 0; round < rounds; round++ {
		count := words(&random)
		digest = chain(digest, 1500)
		length, isEqual := roundTrip(&random)
		if !sorted(&random) || !fermat() || !isEqual {
			os.Exit(1)
		}
		digest = append(digest, byte(count), byte(length))
	}
	fmt.Printf("digest %x\n", sha256.Sum256(digest))
}

package l1

import "sync"

// recent keeps what was put in lately: of two generations, each of which holds most entries.
type recent[Key comparable, Value any] struct {
	most          int
	mutex         sync.Mutex
	young, former map[Key]Value
}

func (recent *recent[Key, Value]) get(key Key) (value Value, found bool) {
	recent.mutex.Lock()
	defer recent.mutex.Unlock()
	if value, found = recent.young[key]; !found {
		value, found = recent.former[key]
	}

	return value, found
}

func (recent *recent[Key, Value]) put(key Key, value Value) {
	recent.mutex.Lock()
	defer recent.mutex.Unlock()
	if recent.young == nil || len(recent.young) >= recent.most {
		recent.former, recent.young = recent.young, map[Key]Value{}
	}

	recent.young[key] = value
}

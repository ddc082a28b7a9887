// Every class has chains of its own, and the demo is timed: one after the other.
[assembly: Xunit.CollectionBehavior(DisableTestParallelization = true)]

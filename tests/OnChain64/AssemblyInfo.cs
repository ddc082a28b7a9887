// Every class has a chain of its own: one after the other.
[assembly: Xunit.CollectionBehavior(DisableTestParallelization = true)]

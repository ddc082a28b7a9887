using Xunit;

// Every test starts processes, and some measure how long these take.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

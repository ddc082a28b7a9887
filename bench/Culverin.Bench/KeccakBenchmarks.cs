using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;
using Culverin.Primitives;

namespace Culverin.Bench;

/// <summary>
/// Hashes of 64-byte pairs, as the memory tree asks for them: each strategy, alone and in batches.
/// </summary>
public unsafe class KeccakBenchmarks
{
    private const int CountMax = 4096;

    private byte* _pairs;
    private byte* _digests;
    private KeccakStrategy _strategy;

    /// <summary>The strategies this process can run.</summary>
    public static IEnumerable<string> Strategies =>
        Enum.GetValues<KeccakStrategy>().Where(Keccak256.IsSupported).Select(strategy => $"{strategy}");

    /// <summary>The strategy measured.</summary>
    [ParamsSource(nameof(Strategies))]
    public string Strategy { get; set; } = "";

    /// <summary>Pairs in one call.</summary>
    [Params(1, 64, CountMax)]
    public int Count { get; set; }

    /// <summary>Makes the input.</summary>
    [GlobalSetup]
    public void SetUp()
    {
        _strategy = Enum.Parse<KeccakStrategy>(Strategy);
        _pairs = (byte*)NativeMemory.AllocZeroed(CountMax * Keccak256.PairSizeBytes);
        _digests = (byte*)NativeMemory.AllocZeroed(CountMax * Keccak256.DigestSizeBytes);
    }

    /// <summary>Frees the input.</summary>
    [GlobalCleanup]
    public void CleanUp()
    {
        NativeMemory.Free(_pairs);
        NativeMemory.Free(_digests);
    }

    // SAFETY: both buffers hold CountMax entries and Count is at most that.
    /// <summary>One call.</summary>
    [Benchmark]
    public void HashPairs() => Keccak256.HashPairs(_strategy, _pairs, _digests, Count);
}

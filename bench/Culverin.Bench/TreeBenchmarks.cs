using BenchmarkDotNet.Attributes;
using Culverin.Commit;
using Culverin.State;

namespace Culverin.Bench;

/// <summary>The memory root after so many scattered pages were written.</summary>
public unsafe class TreeBenchmarks : IDisposable
{
    private const ulong PageStride = 97;

    private FlatMemory _memory = null!;
    private PageTree _tree = null!;

    /// <summary>Pages written between two roots.</summary>
    [Params(1, 100, 10_000)]
    public int DirtyPages { get; set; }

    /// <summary>Makes a memory of 10,000 pages and its first root.</summary>
    [GlobalSetup]
    public void SetUp()
    {
        _memory = new FlatMemory();
        _tree = new PageTree(_memory);
        for (int page = 0; page < 10_000; page++)
        {
            Write(page, 1);
        }

        _ = _tree.Root();
    }

    /// <summary>Frees the memory.</summary>
    [GlobalCleanup]
    public void Dispose()
    {
        _tree.Dispose();
        _memory.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Writes one byte in each page and commits.</summary>
    [Benchmark]
    public byte Root()
    {
        for (int page = 0; page < DirtyPages; page++)
        {
            Write(page, 2);
        }

        return _tree.Root()[0];
    }

    // SAFETY: any offset below 4096 is inside the page.
    private void Write(int page, byte value) =>
        _memory.PageForWriting((ulong)page * PageStride)[page & 4095] += value;
}

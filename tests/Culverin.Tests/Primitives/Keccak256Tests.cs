using System.Runtime.InteropServices;
using System.Text;
using Culverin.Primitives;
using Xunit;
using Xunit.Abstractions;

namespace Culverin.Tests.Primitives;

/// <summary>
/// A fact about the AVX-512 machine code: reported as skipped, never as passed, where it cannot run.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class Avx512FactAttribute : FactAttribute
{
    /// <summary>Decides when the test is found.</summary>
    public Avx512FactAttribute()
    {
        if (!Keccak256.IsSupported(KeccakStrategy.Avx512))
        {
            Skip = "This processor has no AVX-512: the eight-way strategy's machine code was NOT executed.";
        }
    }
}

public sealed unsafe partial class Keccak256Tests(ITestOutputHelper output)
{
    private const int PairSizeBytes = Keccak256.PairSizeBytes;
    private const int DigestSizeBytes = Keccak256.DigestSizeBytes;
    private const int EightWay = 8;
    private const int CountMax = 40;

    /// <summary>The strategies that this machine can run; no other has a row that could pass unrun.</summary>
    public static IEnumerable<object[]> SupportedStrategies() =>
        Enum.GetValues<KeccakStrategy>()
            .Where(Keccak256.IsSupported)
            .Select(strategy => new object[] { strategy });

    [Theory]
    [InlineData("", "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470")]
    [InlineData("abc", "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45")]
    public void Hash_gives_the_known_digest(string text, string expected)
    {
        byte[] digest = new byte[DigestSizeBytes];
        Keccak256.Hash(Encoding.ASCII.GetBytes(text), digest);
        Assert.Equal(expected, Convert.ToHexStringLower(digest));
    }

    [Fact]
    public void Blocks_absorbed_by_hand_give_the_digest()
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        const int BlockBytes = 136;
        byte[] data = new byte[3 * BlockBytes - 1];
        new Random(seed).NextBytes(data);

        // One byte is left for the padding: both its ends fall into it.
        byte[] padded = [.. data, 0x81];
        ulong[] state = new ulong[25];
        for (int offset = 0; offset < padded.Length; offset += BlockBytes)
        {
            for (int lane = 0; lane < BlockBytes / sizeof(ulong); lane++)
            {
                state[lane] ^= BitConverter.ToUInt64(padded, offset + (lane * sizeof(ulong)));
            }

            Keccak256.Permute(state);
        }

        byte[] digest = new byte[DigestSizeBytes];
        Buffer.BlockCopy(state, 0, digest, 0, DigestSizeBytes);
        Assert.Equal(KeccakReference.Hash(data), digest);
        Assert.Throws<ArgumentOutOfRangeException>(() => Keccak256.Permute(new ulong[24]));
    }

    [Fact]
    public void Hash_and_HashPair_give_the_known_digest_of_64_zero_bytes()
    {
        const string Expected = "ad3228b676f7d3cd4284a5443f17f1962b36e491b30a40b2405849e597ba5fb5";
        byte[] pair = new byte[PairSizeBytes];
        byte[] digest = new byte[DigestSizeBytes];
        Keccak256.Hash(pair, digest);
        Assert.Equal(Expected, Convert.ToHexStringLower(digest));

        Array.Clear(digest);
        fixed (byte* pairPointer = pair, digestPointer = digest)
        {
            Keccak256.HashPair(pairPointer, digestPointer);
        }

        Assert.Equal(Expected, Convert.ToHexStringLower(digest));
    }

    [Fact]
    public void Hash_equals_the_reference_at_every_length_of_four_blocks()
    {
        byte[] data = RandomBytes(new Random(NewSeed()), (4 * 136) + 2);
        byte[] digest = new byte[DigestSizeBytes];
        for (int length = 0; length <= data.Length; length++)
        {
            ReadOnlySpan<byte> input = data.AsSpan(0, length);
            Keccak256.Hash(input, digest);
            Assert.True(KeccakReference.Hash(input).AsSpan().SequenceEqual(digest), $"length {length}");
        }
    }

    [Fact]
    public void Hash_writes_32_bytes_and_may_overwrite_its_input()
    {
        byte[] data = RandomBytes(new Random(NewSeed()), 300);
        byte[] original = (byte[])data.Clone();
        Keccak256.Hash(data, data);
        Assert.Equal(KeccakReference.Hash(original), data[..DigestSizeBytes]);
        Assert.Equal(original[DigestSizeBytes..], data[DigestSizeBytes..]);
    }

    [Fact]
    public void Hash_refuses_a_short_digest()
    {
        Assert.Throws<ArgumentException>(() => Keccak256.Hash([], new byte[DigestSizeBytes - 1]));
    }

    [Fact]
    public void The_active_strategy_is_the_widest_supported_one()
    {
        KeccakStrategy widest = KeccakStrategy.Scalar;
        foreach (KeccakStrategy strategy in Enum.GetValues<KeccakStrategy>())
        {
            bool supported = Keccak256.IsSupported(strategy);
            string verdict = supported ? "executed by these tests" : "NOT executed on this machine";
            output.WriteLine($"{strategy}: {verdict}");
            widest = supported ? strategy : widest;
        }

        Assert.Equal(widest, Keccak256.ActiveStrategy);
        Assert.True(Keccak256.IsSupported(KeccakStrategy.Scalar));
        Assert.False(Keccak256.IsSupported((KeccakStrategy)99));
    }

    [Fact]
    public void An_unsupported_strategy_and_a_negative_count_are_refused()
    {
        Assert.Throws<PlatformNotSupportedException>(
            () => Keccak256.HashPairs((KeccakStrategy)99, (byte*)null, (byte*)null, 0));
        Assert.Throws<PlatformNotSupportedException>(
            () => Keccak256.HashPairs((KeccakStrategy)99, (byte**)null, (byte**)null, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Keccak256.HashPairs((byte*)null, (byte*)null, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Keccak256.HashPairs((byte**)null, (byte**)null, -1));
    }

    [Theory]
    [MemberData(nameof(SupportedStrategies))]
    internal void HashPairs_equals_the_reference_at_any_count_and_alignment(KeccakStrategy strategy)
    {
        var random = new Random(NewSeed());
        for (int count = 0; count <= CountMax; count++)
        {
            for (int repeat = 0; repeat < 5; repeat++)
            {
                CheckScattered(
                    random, count, (pairs, digests) => Keccak256.HashPairs(strategy, pairs, digests, count));
            }
        }
    }

    [Theory]
    [MemberData(nameof(SupportedStrategies))]
    internal void HashPairs_equals_the_reference_on_contiguous_inputs(KeccakStrategy strategy)
    {
        var random = new Random(NewSeed());
        for (int count = 0; count <= 140; count++)
        {
            byte[] pairs = RandomBytes(random, 1 + (count * PairSizeBytes));
            byte[] digests = RandomBytes(random, 1 + (count * DigestSizeBytes) + 1);
            byte[] expected = (byte[])digests.Clone();
            for (int i = 0; i < count; i++)
            {
                KeccakReference.Hash(pairs.AsSpan(1 + (i * PairSizeBytes), PairSizeBytes))
                    .CopyTo(expected, 1 + (i * DigestSizeBytes));
            }

            fixed (byte* pairsPointer = pairs, digestsPointer = digests)
            {
                Keccak256.HashPairs(strategy, pairsPointer + 1, digestsPointer + 1, count);
            }

            Assert.True(expected.AsSpan().SequenceEqual(digests), $"count {count}");
        }
    }

    [Fact]
    public void HashPairs_without_a_strategy_equals_the_reference()
    {
        var random = new Random(NewSeed());
        CheckScattered(random, 13, (pairs, digests) => Keccak256.HashPairs(pairs, digests, 13));
    }

    [Theory]
    [MemberData(nameof(SupportedStrategies))]
    internal void HashPairs_lets_a_digest_overwrite_its_own_input(KeccakStrategy strategy)
    {
        var random = new Random(NewSeed());
        for (int count = 1; count <= CountMax; count++)
        {
            byte[] memory = RandomBytes(random, count * PairSizeBytes);
            byte[] expected = (byte[])memory.Clone();
            byte*[] pointers = new byte*[count];
            int digestOffset = random.Next(PairSizeBytes - DigestSizeBytes + 1);
            fixed (byte* start = memory)
            fixed (byte** pairs = pointers, digests = new byte*[count])
            {
                for (int i = 0; i < count; i++)
                {
                    pairs[i] = start + (i * PairSizeBytes);
                    digests[i] = pairs[i] + digestOffset;
                    KeccakReference.Hash(new ReadOnlySpan<byte>(pairs[i], PairSizeBytes))
                        .CopyTo(expected, (i * PairSizeBytes) + digestOffset);
                }

                Keccak256.HashPairs(strategy, pairs, digests, count);
            }

            Assert.Equal(expected, memory);
        }
    }

    [Theory]
    [MemberData(nameof(SupportedStrategies))]
    internal void HashPairs_touches_no_byte_beyond_its_inputs_and_outputs(KeccakStrategy strategy)
    {
        var random = new Random(NewSeed());
        using var pairArea = new GuardedArea();
        using var digestArea = new GuardedArea();
        for (int count = 1; count <= CountMax; count++)
        {
            // SAFETY: both runs lie inside the accessible pages: at their end, then at their start.
            foreach (bool atEnd in new[] { true, false })
            {
                byte* pairs = pairArea.Place(count * PairSizeBytes, atEnd);
                byte* digests = digestArea.Place(count * DigestSizeBytes, atEnd);
                random.NextBytes(new Span<byte>(pairs, count * PairSizeBytes));
                Keccak256.HashPairs(strategy, pairs, digests, count);
                for (int i = 0; i < count; i++)
                {
                    byte[] expected = KeccakReference.Hash(
                        new ReadOnlySpan<byte>(pairs + (i * PairSizeBytes), PairSizeBytes));
                    Assert.True(
                        new ReadOnlySpan<byte>(digests + (i * DigestSizeBytes), DigestSizeBytes)
                            .SequenceEqual(expected),
                        $"count {count}, hash {i}");
                }
            }
        }
    }

    // On a machine without AVX-512 the vector type runs as two halves: this executes the eight-way strategy's
    // text (loads, stores, order of steps), but none of its machine code. Avx512FactAttribute reports that.
    [Fact]
    public void The_eight_way_text_equals_the_reference()
    {
        output.WriteLine(Keccak256.IsSupported(KeccakStrategy.Avx512)
            ? "Executed as AVX-512 machine code."
            : "Executed on emulated 512-bit vectors; the AVX-512 machine code was NOT executed.");
        var random = new Random(NewSeed());
        for (int repeat = 0; repeat < 50; repeat++)
        {
            CheckScattered(random, EightWay, Keccak256.HashEight);
        }
    }

    [Avx512Fact]
    public void The_eight_way_machine_code_equals_the_reference()
    {
        var random = new Random(NewSeed());
        for (int repeat = 0; repeat < 200; repeat++)
        {
            CheckScattered(random, EightWay, Keccak256.HashEight);
        }
    }

    private delegate void PairHasher(byte** pairs, byte** digests);

    // Scatters the inputs and outputs over two areas in random order and at random alignment, with random
    // bytes between them, and compares both whole areas afterwards.
    private static void CheckScattered(Random random, int count, PairHasher hash)
    {
        byte[] inputs = RandomBytes(random, count * (PairSizeBytes + 32));
        byte[] outputs = RandomBytes(random, count * (DigestSizeBytes + 32));
        byte[] inputsBefore = (byte[])inputs.Clone();
        byte[] expected = (byte[])outputs.Clone();
        int[] inputSlots = Shuffled(random, count);
        int[] outputSlots = Shuffled(random, count);
        fixed (byte* inputStart = inputs, outputStart = outputs)
        fixed (byte** pairs = new byte*[count], digests = new byte*[count])
        {
            for (int i = 0; i < count; i++)
            {
                int inputOffset = (inputSlots[i] * (PairSizeBytes + 32)) + random.Next(33);
                int outputOffset = (outputSlots[i] * (DigestSizeBytes + 32)) + random.Next(33);
                pairs[i] = inputStart + inputOffset;
                digests[i] = outputStart + outputOffset;
                KeccakReference.Hash(inputs.AsSpan(inputOffset, PairSizeBytes))
                    .CopyTo(expected, outputOffset);
            }

            hash(pairs, digests);
        }

        Assert.True(expected.AsSpan().SequenceEqual(outputs), $"count {count}: outputs differ");
        Assert.True(inputsBefore.AsSpan().SequenceEqual(inputs), $"count {count}: an input was changed");
    }

    private static int[] Shuffled(Random random, int count)
    {
        int[] slots = new int[count];
        for (int i = 0; i < count; i++)
        {
            slots[i] = i;
        }

        random.Shuffle(slots);
        return slots;
    }

    private static byte[] RandomBytes(Random random, int length)
    {
        byte[] bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    private int NewSeed()
    {
        int seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        return seed;
    }

    // Accessible pages between two inaccessible ones: a stray access ends the test run instead of passing.
    private sealed partial class GuardedArea : IDisposable
    {
        private const int ReadWrite = 3;
        private const int PrivateAnonymousLinux = 0x22;
        private const int PrivateAnonymousMac = 0x1002;
        private readonly byte* _mapping;
        private readonly nuint _pageSizeBytes = (nuint)Environment.SystemPageSize;

        public GuardedArea()
        {
            int flags = OperatingSystem.IsMacOS() ? PrivateAnonymousMac : PrivateAnonymousLinux;
            _mapping = MapMemory(null, 3 * _pageSizeBytes, 0, flags, -1, 0);
            Assert.True((nint)_mapping != -1, "mmap failed");
            Assert.Equal(0, ProtectMemory(_mapping + _pageSizeBytes, _pageSizeBytes, ReadWrite));
        }

        public byte* Place(int lengthBytes, bool atEnd)
        {
            Assert.InRange(lengthBytes, 0, (int)_pageSizeBytes);
            return _mapping + (atEnd ? (2 * _pageSizeBytes) - (nuint)lengthBytes : _pageSizeBytes);
        }

        public void Dispose()
        {
            _ = UnmapMemory(_mapping, 3 * _pageSizeBytes);
        }

        [LibraryImport("libc", EntryPoint = "mmap")]
        private static partial byte* MapMemory(
            void* address, nuint lengthBytes, int protection, int flags, int descriptor, nint offset);

        [LibraryImport("libc", EntryPoint = "mprotect")]
        private static partial int ProtectMemory(void* address, nuint lengthBytes, int protection);

        [LibraryImport("libc", EntryPoint = "munmap")]
        private static partial int UnmapMemory(void* address, nuint lengthBytes);
    }
}

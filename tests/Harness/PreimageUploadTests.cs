using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using System.Threading.Tasks;
using Culverin.Harness.Arenas;
using Culverin.Harness.Chain;
using Culverin.Primitives;
using Xunit;
using Xunit.Abstractions;

namespace Culverin.Harness.Tests;

/// <summary>
/// Pre-images of every kind, uploaded by the oracle's own functions and read back by a step: read(5,
/// address, 4).
/// </summary>
public sealed class PreimageUploadTests(StepArenaFixture fixture, ITestOutputHelper output)
    : IClassFixture<StepArenaFixture>
{
    private const uint Pc = 0x1000;
    private const uint Target = 0x2000;

    private readonly StepArena _arena = fixture.Arena;

    public static TheoryData<string> Kinds => ["local", "keccak256", "sha256", "blob", "precompile"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_part_of_every_kind_can_be_read_at_its_offset_and_nowhere_else(string kind)
    {
        PreimagePart whole = Make(kind);
        byte[] value = whole.Value.ToArray();
        uint[] offsets = [0, 4, 7, 8, (uint)value.Length - 1];
        PreimagePart[] parts = [.. offsets.Select(offset => whole with { Offset = offset })];
        await _arena.LoadPreimagesAsync(parts);
        foreach (PreimagePart part in parts)
        {
            int count = Math.Min(4, value.Length - (int)part.Offset);
            byte[] expected = new byte[4];
            value.AsSpan((int)part.Offset, count).CopyTo(expected);
            (StepCall call, Func<byte[], int, Bytes32> after) = Read(part);
            StepOutcome outcome = (await _arena.StepManyAsync([call]))[0];
            Assert.True(outcome.IsAccepted, outcome.Revert?.Text);
            Assert.Equal(after(expected, count), outcome.PostHash);
        }

        (StepCall missing, _) = Read(whole with { Offset = 3 });
        Assert.Equal("pre-image must exist", (await _arena.StepManyAsync([missing]))[0].Revert!.Text);
    }

    [Fact]
    public async Task A_local_part_belongs_to_its_context()
    {
        PreimagePart part = Make("local") with { LocalContext = Word(9) };
        await _arena.LoadPreimageAsync(part);
        (StepCall call, _) = Read(part);
        Assert.True((await _arena.StepManyAsync([call]))[0].IsAccepted);
        StepCall elsewhere = call with { LocalContext = Word(10) };
        Assert.Equal("pre-image must exist", (await _arena.StepManyAsync([elsewhere]))[0].Revert!.Text);
    }

    [Theory]
    [InlineData("local", true)]
    [InlineData("keccak256", false)]
    [InlineData("sha256", false)]
    [InlineData("blob", false)]
    [InlineData("precompile", false)]
    public async Task Only_local_parts_can_be_loaded_at_the_very_end(string kind, bool isAllowed)
    {
        PreimagePart part = Make(kind);
        PreimagePart end = part with { Offset = (uint)part.Value.Length };
        PreimagePart beyond = part with { Offset = (uint)part.Value.Length + 1 };
        if (isAllowed)
        {
            await _arena.LoadPreimageAsync(end);
            (StepCall call, Func<byte[], int, Bytes32> after) = Read(end);
            Assert.Equal(after(new byte[4], 0), (await _arena.StepManyAsync([call]))[0].PostHash);
        }
        else
        {
            await AssertOutOfBoundsAsync(end);
        }

        await AssertOutOfBoundsAsync(beyond);
    }

    [Fact]
    public async Task A_value_of_another_key_is_noticed()
    {
        PreimagePart part = Make("keccak256") with { Key = KeyOf(PreimageKeyType.Keccak256, Keccak([])) };
        ChainException error = await Assert.ThrowsAsync<ChainException>(() => _arena.LoadPreimageAsync(part));
        Assert.Contains("another key", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Malformed_parts_are_refused_before_anything_is_sent()
    {
        PreimagePart good = Make("keccak256");
        PreimagePart[] wrong =
        [
            good with { Value = new byte[7] },
            good with { Value = good.Value[..^1] },
            good with { Key = Bytes32.Parse("0x03" + new string('0', 62)) },
            Make("local") with { Value = WithLength(new byte[33]) },
            Make("blob") with { Evidence = default },
            Make("precompile") with { Evidence = new byte[19] },
        ];
        foreach (PreimagePart part in wrong)
        {
            ChainException error =
                await Assert.ThrowsAsync<ChainException>(() => _arena.LoadPreimageAsync(part));
            Assert.Equal(ChainFailure.Abi, error.Failure);
        }
    }

    [Fact]
    public async Task A_thousand_parts_load_in_seconds()
    {
        List<PreimagePart> parts = [];
        for (int index = 0; index < 1_000; index++)
        {
            byte[] data = BitConverter.GetBytes(index);
            parts.Add(new PreimagePart(KeyOf(PreimageKeyType.Keccak256, Keccak(data)), WithLength(data), 8));
        }

        System.Diagnostics.Stopwatch watch = System.Diagnostics.Stopwatch.StartNew();
        await _arena.LoadPreimagesAsync(parts);
        output.WriteLine($"{watch.Elapsed.TotalSeconds:F2} s");
    }

    private async Task AssertOutOfBoundsAsync(PreimagePart part)
    {
        RevertedException error =
            await Assert.ThrowsAsync<RevertedException>(() => _arena.LoadPreimageAsync(part));
        Assert.Equal(ChainFailure.Reverted, error.Failure);
        Assert.Contains("PartOffsetOOB()", error.Message, StringComparison.Ordinal);
    }

    private static PreimagePart Make(string kind)
    {
        byte[] data = [.. Enumerable.Range(1, 70).Select(index => (byte)index)];
        switch (kind)
        {
            case "local":
                return new PreimagePart(
                    KeyOf(PreimageKeyType.Local, Word(5).ToArray()), WithLength(data[..19]), 0);
            case "keccak256":
                return new PreimagePart(KeyOf(PreimageKeyType.Keccak256, Keccak(data)), WithLength(data), 0);
            case "sha256":
                return new PreimagePart(
                    KeyOf(PreimageKeyType.Sha256, SHA256.HashData(data)), WithLength(data), 0);
            case "precompile":
                // The identity precompile: a success byte, then the input again.
                byte[] input = [.. new byte[19], 4, .. data];
                return new PreimagePart(
                    KeyOf(PreimageKeyType.Precompile, Keccak(input)), WithLength([1, .. data]), 0)
                {
                    Evidence = input,
                };
            default:
                // The polynomial zero: commitment and proof are the point at infinity, and every value is
                // zero.
                byte[] infinity = new byte[48];
                infinity[0] = 0xc0;
                byte[] point = Word(3).ToArray();
                return new PreimagePart(
                    KeyOf(PreimageKeyType.Blob, Keccak([.. infinity, .. point])), WithLength(new byte[32]), 0)
                {
                    Evidence = (byte[])[.. infinity, .. point, .. infinity],
                };
        }
    }

    // The step, and the hash of the state after it once the bytes that are read and their number are known.
    private static (StepCall Call, Func<byte[], int, Bytes32> After) Read(PreimagePart part)
    {
        SparseMemory memory = new SparseMemory().Set(Pc, 0x0c).Set(Target, 0xaabbccdd);
        byte[] bytes = new byte[MachineWitness.SizeBytes];
        memory.Root().CopyTo(bytes, 0);
        part.Key.CopyTo(bytes.AsSpan(MachineWitness.PreimageKeyOffset));
        MachineWitness state = new MachineWitness(bytes)
            .With(MachineWitness.PreimageOffsetOffset, part.Offset)
            .With(MachineWitness.PcOffset, Pc)
            .With(MachineWitness.NextPcOffset, Pc + 4)
            .WithRegister(2, 4003)
            .WithRegister(4, 5)
            .WithRegister(5, Target)
            .WithRegister(6, 4);
        StepCall call = new(state.Bytes, memory.Proofs(Pc, Target)) { LocalContext = part.LocalContext };
        return (call, After);

        Bytes32 After(byte[] read, int count)
        {
            byte[] word = [0xaa, 0xbb, 0xcc, 0xdd];
            read.AsSpan(0, count).CopyTo(word);
            memory.Set(Target, MachineWitness.ReadWord(word, 0));
            MachineWitness after = state.Copy()
                .With(MachineWitness.PreimageOffsetOffset, part.Offset + (uint)count)
                .With(MachineWitness.PcOffset, Pc + 4)
                .With(MachineWitness.NextPcOffset, Pc + 8)
                .With(MachineWitness.StepOffset + 4, 1)
                .WithRegister(2, (uint)count);
            memory.Root().CopyTo(after.Bytes, 0);
            byte[] hash = Keccak(after.Bytes);
            hash[0] = 3;
            return new Bytes32(hash);
        }
    }

    private static byte[] Keccak(byte[] data)
    {
        byte[] hash = new byte[32];
        Keccak256.Hash(data, hash);
        return hash;
    }

    private static Bytes32 KeyOf(PreimageKeyType type, byte[] hash) =>
        new((byte[])[(byte)type, .. hash[1..]]);

    private static byte[] WithLength(byte[] data) => [0, 0, 0, 0, 0, 0, 0, (byte)data.Length, .. data];

    private static Bytes32 Word(byte value) => new((byte[])[.. new byte[31], value]);
}

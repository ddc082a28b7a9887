using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using System.Threading.Tasks;
using Culverin.Execute;
using Culverin.Harness.Arenas;
using Culverin.Harness.Chain;
using Culverin.Isa;
using Culverin.Oracle;
using Culverin.Primitives;
using Culverin.Prove;
using Culverin.State;
using Culverin.Versions;
using Xunit;
using Xunit.Abstractions;

namespace Culverin.OnChain64.Tests;

/// <summary>
/// Random reads of pre-images of all kinds that the oracle knows, at any offset, to any alignment, of any
/// length, with and without a reservation of the word.
/// </summary>
public sealed class PreimageReadTests(ArenaFixture fixture, ITestOutputHelper output)
    : IClassFixture<ArenaFixture>
{
    private const int ReadCount = 400;
    private const ulong Target = 0x0123_4000;
    private const ulong ReadNumber = 5000;
    private const ulong PreimageDescriptor = 5;

    private static readonly ulong[] Counts = [0, 1, 2, 3, 7, 8, 9, 32, 33, 0x1_0000_0001, ulong.MaxValue];

    private readonly StepVerifier _twin = new(StateVersion.MultiThreaded64V5);

    [Fact]
    public async Task Reads_agree()
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        Random random = new(seed);
        List<StepProof> proofs = [.. Enumerable.Range(0, ReadCount).Select(_ => RandomRead(random))];
        LoadedPreimages preimages = new(fixture.Arena);
        await preimages.LoadAsync(proofs.Select(proof => proof.Oracle));
        List<JudgedStep> steps = [];
        foreach (StepProof proof in proofs)
        {
            _twin.Verify(proof);
            steps.Add(new JudgedStep(
                $"seed {seed} step {proof.Step}", HandmadeStep.Call(proof), Verdict.Accept(proof.PostHash)));
        }

        await new Judge(fixture.Arena, output).CompareAsync(steps);
    }

    [Fact]
    public async Task Blobs_and_precompiles_are_read_too()
    {
        foreach (PreimagePart part in new[] { Blob(), Precompile() })
        {
            await fixture.Arena.LoadPreimageAsync(part);
            byte[] data = part.Value[PreimageKey.PrefixBytes..].ToArray();
            StepProof proof = HandmadeStep.Prove(
                Reading(part.Key.ToArray(), part.Offset, Target, 8), new CallbackOracle(_ => data));
            _twin.Verify(proof);
            StepOutcome outcome = (await fixture.Arena.StepManyAsync([HandmadeStep.Call(proof)]))[0];
            Assert.Equal(new Bytes32(proof.PostHash), outcome.PostHash);
        }
    }

    [Fact]
    public async Task A_precompile_needs_its_gas_in_the_evidence()
    {
        PreimagePart part = Precompile() with { Evidence = new byte[Address.SizeBytes + sizeof(ulong) - 1] };
        ChainException error =
            await Assert.ThrowsAsync<ChainException>(() => fixture.Arena.LoadPreimageAsync(part));
        Assert.Equal(ChainFailure.Abi, error.Failure);
    }

    [Fact]
    public async Task A_part_that_is_not_loaded_reverts()
    {
        byte[] value = [1, 2, 3, 4, 5];
        StepProof proof = HandmadeStep.Prove(
            Reading(KeyOf(PreimageKeyType.Keccak256, value), 4, Target, 4), new CallbackOracle(_ => value));
        StepOutcome outcome = (await fixture.Arena.StepManyAsync([HandmadeStep.Call(proof)]))[0];
        Assert.Equal("pre-image must exist", outcome.Revert!.Text);
        Assert.Equal(
            ErrorCode.ProofRejected, Verdict.OfTwin(_twin, HandmadeStep.Call(proof), null).Refusal);
    }

    [Fact]
    public void A_read_at_the_end_panics()
    {
        byte[] value = [1, 2, 3, 4, 5];
        GuestPanicException panic = Assert.Throws<GuestPanicException>(() => HandmadeStep.Prove(
            Reading(KeyOf(PreimageKeyType.Keccak256, value), 13, Target, 4), new CallbackOracle(_ => value)));
        Assert.Equal(TrapReason.PreimageOffsetOutOfRange, panic.Reason);
    }

    private static StepProof RandomRead(Random random)
    {
        PreimageKeyType[] types = [PreimageKeyType.Local, PreimageKeyType.Keccak256, PreimageKeyType.Sha256];
        PreimageKeyType type = types[random.Next(types.Length)];
        byte[] value = new byte[random.Next(type == PreimageKeyType.Local ? 33 : 100)];
        random.NextBytes(value);
        uint offset = (uint)random.Next(8 + value.Length);
        ulong address = Target + (ulong)random.Next(4096);
        ulong count = Counts[random.Next(Counts.Length)];
        MachineImage<ulong> image = Reading(KeyOf(type, value), offset, address, count);
        byte[] word = new byte[8];
        random.NextBytes(word);
        image.Memory.WriteBytes(address & ~7UL, word);
        image.State.Step = (ulong)random.NextInt64(1L << 40);
        if (random.Next(2) == 0)
        {
            image.State.Threads!.Reservation = (ReservationStatus)random.Next(1, 3);
            image.State.Threads.ReservedAddress = address ^ (ulong)random.Next(16);
        }

        return HandmadeStep.Prove(image, new CallbackOracle(_ => value));
    }

    private static MachineImage<ulong> Reading(byte[] key, uint offset, ulong address, ulong count)
    {
        MachineImage<ulong> image = HandmadeStep.Create(
            HandmadeStep.Syscall, 2, ReadNumber, 4, PreimageDescriptor, 5, address, 6, count);
        key.CopyTo(image.State.PreimageKey);
        image.State.PreimageOffset = offset;
        return image;
    }

    // The polynomial zero: commitment and proof are the point at infinity, and every value is zero.
    private static PreimagePart Blob()
    {
        byte[] infinity = [0xC0, .. new byte[47]];
        byte[] point = [.. new byte[31], 3];
        byte[] key = Keccak([.. infinity, .. point]);
        key[0] = (byte)PreimageKeyType.Blob;
        return new PreimagePart(new Bytes32(key), WithLength(new byte[32]), 6)
        {
            Evidence = (byte[])[.. infinity, .. point, .. infinity],
        };
    }

    // The identity precompile: a success byte, then the input again.
    private static PreimagePart Precompile()
    {
        byte[] data = [.. Enumerable.Range(1, 70).Select(index => (byte)index)];
        byte[] input = [.. new byte[19], 4, 0, 0, 0, 0, 0, 0, 0x27, 0x10, .. data];
        byte[] key = Keccak(input);
        key[0] = (byte)PreimageKeyType.Precompile;
        return new PreimagePart(new Bytes32(key), WithLength([1, .. data]), 8) { Evidence = input };
    }

    // A local key may be any; here it depends on the value, so that no two values share one.
    private static byte[] KeyOf(PreimageKeyType type, byte[] value)
    {
        byte[] key = type == PreimageKeyType.Sha256 ? SHA256.HashData(value) : Keccak(value);
        key[0] = (byte)type;
        return key;
    }

    private static byte[] Keccak(byte[] data)
    {
        byte[] hash = new byte[Bytes32.SizeBytes];
        Keccak256.Hash(data, hash);
        return hash;
    }

    private static byte[] WithLength(byte[] data) => [0, 0, 0, 0, 0, 0, 0, (byte)data.Length, .. data];
}

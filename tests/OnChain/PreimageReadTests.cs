using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using System.Threading.Tasks;
using Culverin.Execute;
using Culverin.Harness.Arenas;
using Culverin.Harness.Chain;
using Culverin.Oracle;
using Culverin.Primitives;
using Culverin.Prove;
using Culverin.State;
using Culverin.Versions;
using Xunit;
using Xunit.Abstractions;

namespace Culverin.OnChain.Tests;

/// <summary>
/// Random reads of pre-images: of local data, Keccak-256 and SHA-256 keys, at any offset, to any alignment,
/// of any length.
/// </summary>
public sealed class PreimageReadTests(ArenaFixture fixture, ITestOutputHelper output)
    : IClassFixture<ArenaFixture>
{
    private const int ReadCount = 300;
    private const uint Syscall = 0x0000_000C;
    private const uint Target = 0x0123_4000;
    private static readonly uint[] Counts = [0, 1, 2, 3, 4, 5, 32, 33, 0x7FFF_FFFF, 0xFFFF_FFFF];

    private readonly StepVerifier _twin = new(StateVersion.SingleThreaded);

    [Fact]
    public async Task Reads_agree()
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        Random random = new(seed);
        List<StepProof> proofs = [.. Enumerable.Range(0, ReadCount).Select(_ => RandomRead(random))];
        LoadedPreimages preimages = new(fixture.Arena);
        await preimages.LoadAsync(proofs);
        List<JudgedStep> steps = [];
        foreach (StepProof proof in proofs)
        {
            _twin.Verify(proof);
            steps.Add(new JudgedStep(
                $"seed {seed} step {proof.Step}",
                HandmadeStep.Call(proof),
                new Verdict(new Bytes32(proof.PostHash), null, Isa.TrapReason.None)));
        }

        Assert.Empty(await new Judge(fixture.Arena, output).CompareAsync(steps));
    }

    [Fact]
    public async Task A_part_that_is_not_loaded_reverts()
    {
        byte[] value = [1, 2, 3, 4, 5];
        StepProof proof = HandmadeStep.Prove(
            StateVersion.SingleThreaded,
            Syscall,
            image => SetUp(image, KeyOf(PreimageKeyType.Keccak256, value), 4, Target, 4),
            new CallbackOracle(_ => value));
        StepOutcome outcome = (await fixture.Arena.StepManyAsync([HandmadeStep.Call(proof)]))[0];
        Assert.Equal("pre-image must exist", outcome.Revert!.Text);
        Assert.Equal(
            ErrorCode.ProofRejected,
            Verdict.OfTwin(_twin, HandmadeStep.Call(proof), null).Refusal);
    }

    [Fact]
    public void A_read_at_the_end_panics()
    {
        byte[] value = [1, 2, 3, 4, 5];
        byte[] key = KeyOf(PreimageKeyType.Keccak256, value);
        GuestPanicException panic = Assert.Throws<GuestPanicException>(() => HandmadeStep.Prove(
            StateVersion.SingleThreaded,
            Syscall,
            image => SetUp(image, key, 13, Target, 4),
            new CallbackOracle(_ => value)));
        Assert.Equal(Isa.TrapReason.PreimageOffsetOutOfRange, panic.Reason);
    }

    private static StepProof RandomRead(Random random)
    {
        PreimageKeyType[] types = [PreimageKeyType.Local, PreimageKeyType.Keccak256, PreimageKeyType.Sha256];
        PreimageKeyType type = types[random.Next(types.Length)];
        byte[] value = new byte[random.Next(type == PreimageKeyType.Local ? 33 : 100)];
        random.NextBytes(value);
        byte[] key = KeyOf(type, value);
        uint offset = (uint)random.Next(8 + value.Length);
        uint address = Target + (uint)random.Next(4096);
        uint count = Counts[random.Next(Counts.Length)];
        return HandmadeStep.Prove(
            StateVersion.SingleThreaded,
            Syscall,
            image =>
            {
                image.State.Step = (ulong)random.NextInt64(1L << 40);
                image.Memory.WriteUInt32(address & ~3u, (uint)random.NextInt64(1L << 32));
                SetUp(image, key, offset, address, count);
            },
            new CallbackOracle(_ => value));
    }

    private static void SetUp(
        MachineImage<uint> image, byte[] key, uint offset, uint address, uint count)
    {
        HandmadeStep.Registers(2, 4003, 4, 5, 5, address, 6, count)(image);
        key.CopyTo(image.State.PreimageKey);
        image.State.PreimageOffset = offset;
    }

    // A local key may be any; here it depends on the value, so that no two values share one.
    private static byte[] KeyOf(PreimageKeyType type, byte[] value)
    {
        byte[] key = new byte[Bytes32.SizeBytes];
        if (type == PreimageKeyType.Sha256)
        {
            SHA256.HashData(value, key);
        }
        else
        {
            Keccak256.Hash(value, key);
        }

        key[0] = (byte)type;
        return key;
    }
}

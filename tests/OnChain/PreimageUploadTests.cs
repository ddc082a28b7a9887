using Culverin.Harness.Abi;
using Culverin.Harness.Arenas.Oracle;
using Culverin.Harness.Arenas.Steps;
using Culverin.Harness.Values;
using Culverin.Oracle;
using Culverin.Prove;
using Xunit;
using Xunit.Abstractions;

namespace Culverin.OnChain.Tests;

/// <summary>
/// Pre-images of every kind, uploaded by the oracle's own functions and read back by a step.
/// </summary>
public sealed class PreimageUploadTests(ArenaFixture fixture, ITestOutputHelper output)
    : ContractTests(fixture, output)
{
    private const uint Target = 0x2000;

    public static TheoryData<string, PreimageKeyType> Kinds
    {
        get
        {
            TheoryData<string, PreimageKeyType> rows = [];
            foreach (DeployedContract contract in DeployedContract.All)
            {
                foreach (PreimageKeyType type in Enum.GetValues<PreimageKeyType>())
                {
                    rows.Add(contract.Name, type);
                }
            }

            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_part_of_every_kind_can_be_read_at_its_offset_and_nowhere_else(
        string name, PreimageKeyType type)
    {
        DeployedContract contract = DeployedContract.Of(name);
        StepArena arena = await Fixture.ArenaOfAsync(contract);
        PreimagePart whole = Preimages.Make(contract, type);
        uint[] offsets = [0, 4, 7, 8, (uint)whole.Value.Length - 1];
        PreimagePart[] parts = [.. offsets.Select(offset => whole with { Offset = offset })];
        await arena.LoadPreimagesAsync(parts);
        await JudgeAsync(
            contract,
            [.. parts.Select(part =>
            {
                StepProof proof = Read(contract, part);
                return new JudgedStep(
                    $"offset {part.Offset}", HandmadeStep.Call(proof), Verdict.Accept(proof.PostHash));
            })]);
        StepCall missing = HandmadeStep.Call(Read(contract, whole with { Offset = 3 }));
        Assert.Equal(Verdict.NoPreimage, (await arena.StepManyAsync([missing]))[0].Revert!.Text);
    }

    [Theory]
    [MemberData(nameof(DeployedContract.Names), MemberType = typeof(DeployedContract))]
    public async Task A_local_part_belongs_to_its_context(string name)
    {
        DeployedContract contract = DeployedContract.Of(name);
        StepArena arena = await Fixture.ArenaOfAsync(contract);
        Bytes32 context = Bytes32.Keccak256([9]);
        PreimagePart part =
            Preimages.Make(contract, PreimageKeyType.Local) with { Offset = 6, LocalContext = context };
        await arena.LoadPreimageAsync(part);
        StepCall call = HandmadeStep.Call(Read(contract, part)) with { LocalContext = context };
        Assert.True((await arena.StepManyAsync([call]))[0].IsAccepted);
        StepCall elsewhere = call with { LocalContext = Bytes32.Keccak256([10]) };
        Assert.Equal(Verdict.NoPreimage, (await arena.StepManyAsync([elsewhere]))[0].Revert!.Text);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task No_part_lies_at_the_end_but_a_local_one_in_the_old_oracle(
        string name, PreimageKeyType type)
    {
        DeployedContract contract = DeployedContract.Of(name);
        StepArena arena = await Fixture.ArenaOfAsync(contract);
        PreimagePart part = Preimages.Make(contract, type);
        PreimagePart end = part with { Offset = (uint)part.Value.Length };
        if (type == PreimageKeyType.Local && contract.HasLocalPartAtEnd)
        {
            await arena.LoadPreimageAsync(end);
        }
        else
        {
            await RequireOutOfBoundsAsync(arena, end);
        }

        await RequireOutOfBoundsAsync(arena, part with { Offset = end.Offset + 1 });
    }

    [Theory]
    [MemberData(nameof(DeployedContract.Names), MemberType = typeof(DeployedContract))]
    public async Task A_value_of_another_key_is_noticed(string name)
    {
        DeployedContract contract = DeployedContract.Of(name);
        StepArena arena = await Fixture.ArenaOfAsync(contract);
        PreimagePart part = Preimages.Make(contract, PreimageKeyType.Keccak256) with
        {
            Key = new Bytes32(Preimages.KeyOf(PreimageKeyType.Keccak256, [])),
        };
        ChainException error = await Assert.ThrowsAsync<ChainException>(() => arena.LoadPreimageAsync(part));
        Assert.Contains("another key", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(DeployedContract.Names), MemberType = typeof(DeployedContract))]
    public async Task Malformed_parts_are_refused_before_anything_is_sent(string name)
    {
        DeployedContract contract = DeployedContract.Of(name);
        StepArena arena = await Fixture.ArenaOfAsync(contract);
        PreimagePart good = Preimages.Make(contract, PreimageKeyType.Keccak256);
        PreimagePart precompile = Preimages.Make(contract, PreimageKeyType.Precompile);
        int addressAndGas = contract is MipsContract ? 20 : 28;
        PreimagePart[] wrong =
        [
            good with { Value = new byte[7] },
            good with { Value = good.Value[..^1] },
            good with { Key = Bytes32.Parse("0x03" + new string('0', 62)) },
            Preimages.Make(contract, PreimageKeyType.Local) with
            {
                Value = Preimages.WithLength(new byte[33]),
            },
            Preimages.Make(contract, PreimageKeyType.Blob) with { Evidence = default },
            precompile with { Evidence = new byte[addressAndGas - 1] },
        ];
        foreach (PreimagePart part in wrong)
        {
            ChainException error =
                await Assert.ThrowsAsync<ChainException>(() => arena.LoadPreimageAsync(part));
            Assert.Equal(ChainFailure.Abi, error.Failure);
        }
    }

    private static StepProof Read(DeployedContract contract, PreimagePart part)
    {
        byte[] data = part.Value[OracleKey.PrefixBytes..].ToArray();
        byte[] around = [.. Enumerable.Repeat((byte)0xAA, 8)];
        Culverin.State.MachineImage image =
            HandmadeStep.Reading(contract, part.Key.ToArray(), part.Offset, Target, 4);
        image.Memory.WriteBytes(Target, around);
        StepProof proof = HandmadeStep.Prove(image, new CallbackOracle(_ => data));
        contract.Twin.Verify(proof);
        return proof;
    }

    private static async Task RequireOutOfBoundsAsync(StepArena arena, PreimagePart part)
    {
        RevertedException error =
            await Assert.ThrowsAsync<RevertedException>(() => arena.LoadPreimageAsync(part));
        Assert.Equal(ChainFailure.Reverted, error.Failure);
        Assert.Contains("PartOffsetOOB()", error.Message, StringComparison.Ordinal);
    }
}

using Culverin.Harness.Arenas.Oracle;
using Culverin.Harness.Contracts;
using Culverin.Harness.Host;
using Culverin.Harness.Rpc;
using Culverin.Harness.Sending;
using Culverin.Harness.Tests.Local;
using Culverin.Harness.Tests.Rollup;
using Culverin.Harness.Values;
using Culverin.Oracle;
using Xunit;

namespace Culverin.Harness.Tests.Host;

/// <summary>The host's local pre-images are those that the game's own contract provides.</summary>
public sealed class BootValueTests(DisputedChain chain) : IClassFixture<DisputedChain>
{
    private const ulong ProposedBlock = 3;

    // Where the value begins, behind its length.
    private const int ValueOffset = 8;

    private static readonly Bytes32 First = Bytes32.Keccak256([1]);
    private static readonly Bytes32 Second = Bytes32.Keccak256([2]);

    [L2NodeFact]
    public async Task In_a_dispute_about_the_first_block()
    {
        Contract game = await CreateAsync();
        Bytes32 root = (await game.ReadAsync(new FaultDisputeGame.RootClaimFunction())).RootClaim;
        await MoveAsync(game, isAttack: true, root, 0, First, 2);
        await MoveAsync(game, isAttack: true, First, 1, Second, 4);
        await MoveAsync(game, isAttack: true, Second, 2, ExecutionRoot(), 8);
        DisputedClaim claim = await ClaimAsync(game, chain.World.Arena.AnchorBlock, Second, 2);
        Bytes32 context = Bytes32.Keccak256([.. Second.ToArray(), .. Word(4)]);
        await ExpectAsync(game, claim, context);
    }

    /// <remarks>
    /// This version of the contract counts on past the proposed block; later ones stop there. So an honest
    /// trace must not stop at the proposed block either, unless L1 has no data for later ones.
    /// </remarks>
    [L2NodeFact]
    public async Task In_a_dispute_behind_the_proposed_block()
    {
        Contract game = await CreateAsync();
        Bytes32 root = (await game.ReadAsync(new FaultDisputeGame.RootClaimFunction())).RootClaim;
        await MoveAsync(game, isAttack: true, root, 0, First, 2);
        await MoveAsync(game, isAttack: false, First, 1, Second, 6);
        await MoveAsync(game, isAttack: true, Second, 2, ExecutionRoot(), 12);
        DisputedClaim claim = await ClaimAsync(game, ProposedBlock, Second, ProposedBlock + 1);
        Bytes32 context =
            Bytes32.Keccak256([.. First.ToArray(), .. Word(2), .. Second.ToArray(), .. Word(6)]);
        await ExpectAsync(game, claim with { AgreedOutputRoot = First }, context);
    }

    // Its first byte says that the program found the claim wrong.
    private static Bytes32 ExecutionRoot() => new([1, .. Bytes32.Keccak256([3]).ToArray().AsSpan(1)]);

    private static byte[] Word(int number) => Bytes32.FromInteger(number).ToArray();

    private async Task<Contract> CreateAsync()
    {
        // Each proposal can be made once: the proposed root says which test it belongs to.
        DerivedWorld world = chain.World;
        TransactionSender proposer = world.Arena.OnL1(world.Arena.Accounts.Proposer);
        Contract factory = world.Arena.Contracts.Factory;
        Bytes32 root = Bytes32.Keccak256(Guid.NewGuid().ToByteArray());
        byte[] block = Bytes32.FromInteger(ProposedBlock).ToArray();
        DisputeGameFactory.CreateFunction create = new() { RootClaim = root, ExtraData = block };
        await proposer.SendAsync(
            factory.Request(proposer.Address, create, world.Arena.Options.InitialBond));
        DisputeGameFactory.GamesResult game = await factory.ReadAsync(
            new DisputeGameFactory.GamesFunction { RootClaim = root, ExtraData = block });
        return world.Arena.Contracts.FaultGame.At(game.Proxy);
    }

    private async Task MoveAsync(
        Contract game, bool isAttack, Bytes32 disputed, int parent, Bytes32 claim, int position)
    {
        TransactionSender challenger = chain.World.Arena.OnL1(chain.World.Arena.Accounts.Challenger);
        FaultDisputeGame.GetRequiredBondResult bond = await game.ReadAsync(
            new FaultDisputeGame.GetRequiredBondFunction { Position = new Position((UInt128)position) });
        FaultDisputeGame.MoveFunction move = new()
        {
            Disputed = disputed,
            ChallengeIndex = parent,
            Claim = claim,
            IsAttack = isAttack,
        };
        await challenger.SendAsync(game.Request(challenger.Address, move, bond.RequiredBond));
    }

    private async Task<DisputedClaim> ClaimAsync(Contract game, ulong agreed, Bytes32 root, ulong block) =>
        await chain.ClaimAsync(
            block, root, agreed, (await game.ReadAsync(new FaultDisputeGame.L1HeadFunction())).L1Head);

    private async Task ExpectAsync(Contract game, DisputedClaim claim, Bytes32 context)
    {
        TransactionSender helper = chain.World.Arena.OnL1(chain.World.Arena.Accounts.Helper);
        Contract oracle = chain.World.Arena.Contracts.Oracle;
        for (int number = 1; number <= 5; number++)
        {
            FaultDisputeGame.AddLocalDataFunction add =
                new() { Ident = number, ExecLeafIdx = 3, PartOffset = ValueOffset };
            await helper.SendAsync(game.Request(helper.Address, add));
            byte[] key = new byte[Bytes32.SizeBytes];
            key[0] = (byte)PreimageKeyType.Local;
            key[^1] = (byte)number;
            Bytes32 stored = OracleKey.Localize(new Bytes32(key), game.Address, context);
            byte[] expected = claim.FindLocal((ulong)number)!;
            PreimageOracle.PreimageLengthsResult length =
                await oracle.ReadAsync(new PreimageOracle.PreimageLengthsFunction { Value = stored });
            Assert.Equal(expected.Length, length.Value);
            PreimageOracle.PreimagePartsResult part = await oracle.ReadAsync(
                new PreimageOracle.PreimagePartsFunction { Item1 = stored, Item2 = ValueOffset });
            Assert.Equal(expected, part.Value.ToArray().Take(expected.Length));
        }
    }
}

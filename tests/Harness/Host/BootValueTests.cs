using System;
using System.Linq;
using System.Numerics;
using System.Threading.Tasks;
using Culverin.Harness.Arenas;
using Culverin.Harness.Chain;
using Culverin.Harness.Host;
using Culverin.Harness.Tests.Rollup;
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

    [Fact]
    public async Task In_a_dispute_about_the_first_block()
    {
        Contract game = await CreateAsync();
        Bytes32 root = (await game.ReadAsync("rootClaim")).AsBytes32();
        await MoveAsync(game, "attack", root, 0, First, 2);
        await MoveAsync(game, "attack", First, 1, Second, 4);
        await MoveAsync(game, "attack", Second, 2, ExecutionRoot(), 8);
        DisputedClaim claim = await ClaimAsync(game, chain.World.Arena.AnchorBlock, Second, 2);
        Bytes32 context = Bytes32.Keccak256([.. Second.ToArray(), .. Word(4)]);
        await ExpectAsync(game, claim, context);
    }

    /// <remarks>
    /// This version of the contract counts on past the proposed block; later ones stop there. So an honest
    /// trace must not stop at the proposed block either, unless L1 has no data for later ones.
    /// </remarks>
    [Fact]
    public async Task In_a_dispute_behind_the_proposed_block()
    {
        Contract game = await CreateAsync();
        Bytes32 root = (await game.ReadAsync("rootClaim")).AsBytes32();
        await MoveAsync(game, "attack", root, 0, First, 2);
        await MoveAsync(game, "defend", First, 1, Second, 6);
        await MoveAsync(game, "attack", Second, 2, ExecutionRoot(), 12);
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
        RollupWorld world = chain.World;
        TransactionSender proposer = world.Arena.OnL1(world.Arena.Accounts.Proposer);
        Contract factory = world.Arena.Contracts.Factory;
        Bytes32 root = Bytes32.Keccak256(Guid.NewGuid().ToByteArray());
        byte[] block = Bytes32.FromInteger(ProposedBlock).ToArray();
        await proposer.SendAsync(factory.Request(
            proposer.Address, "create", [0, root, block], world.Arena.Options.InitialBond));
        Address game = (await factory.ReadAllAsync("games", [0, root, block]))[0].AsAddress();
        return world.Arena.Contracts.FaultGame.At(game);
    }

    private async Task MoveAsync(
        Contract game, string move, Bytes32 disputed, int parent, Bytes32 claim, int position)
    {
        TransactionSender challenger = chain.World.Arena.OnL1(chain.World.Arena.Accounts.Challenger);
        BigInteger bond = (await game.ReadAsync("getRequiredBond", [position])).AsInteger();
        await challenger.SendAsync(
            game.Request(challenger.Address, move, [disputed, parent, claim], bond), [game.Abi]);
    }

    private async Task<DisputedClaim> ClaimAsync(Contract game, ulong agreed, Bytes32 root, ulong block) =>
        await chain.ClaimAsync(
            block, root, agreed, (await game.ReadAsync("l1Head")).AsBytes32());

    private async Task ExpectAsync(Contract game, DisputedClaim claim, Bytes32 context)
    {
        TransactionSender helper = chain.World.Arena.OnL1(chain.World.Arena.Accounts.Helper);
        Contract oracle = chain.World.Arena.Contracts.Oracle;
        for (int number = 1; number <= 5; number++)
        {
            await helper.SendAsync(
                game.Request(helper.Address, "addLocalData", [number, 3, ValueOffset]), [game.Abi]);
            byte[] key = new byte[Bytes32.SizeBytes];
            key[0] = (byte)PreimageKeyType.Local;
            key[^1] = (byte)number;
            Bytes32 stored = PreimageKey.Localize(new Bytes32(key), game.Address, context);
            byte[] expected = claim.FindLocal((ulong)number)!;
            Assert.Equal(
                expected.Length, (await oracle.ReadAsync("preimageLengths", [stored])).AsInteger());
            byte[] part = (await oracle.ReadAsync("preimageParts", [stored, ValueOffset]))
                .AsBytes32().ToArray();
            Assert.Equal(expected, part.Take(expected.Length));
        }
    }
}

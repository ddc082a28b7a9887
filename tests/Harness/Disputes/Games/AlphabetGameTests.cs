using System.Numerics;
using Culverin.Harness.Arenas;
using Culverin.Harness.Arenas.Classic;
using Culverin.Harness.Contracts;
using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Disputes.Solver;
using Culverin.Harness.Disputes.Traces;
using Culverin.Harness.Disputes.Traces.Alphabet;
using Culverin.Harness.Disputes.Traces.Outputs;
using Culverin.Harness.Rpc;
using Culverin.Harness.Tests.Disputes.Solver;
using Culverin.Harness.Values;
using Xunit;

namespace Culverin.Harness.Tests.Disputes.Games;

/// <summary>Whole games about the alphabet on the real contracts.</summary>
public sealed class AlphabetGameTests
{
    private const int Letter = 96;
    private const int RoundsMax = 20;
    private const ulong ClaimedBlock = 4;

    [Theory]
    [InlineData(5)]
    [InlineData(6)]
    public async Task A_forged_root_is_refuted_to_the_last_step(int depth)
    {
        ArenaOptions options = new()
        {
            Machine = ArenaMachine.Alphabet,
            MaxGameDepth = depth,
            AbsolutePrestate = AlphabetTrace.PrestateHash(Letter),
        };
        await using ClassicArena arena = await ClassicArena.StartAsync(Repository.Packages, options);
        GameClient proposer = await GameClient.CreateAsync(
            arena.Contracts.Factory,
            arena.Contracts.FaultGame,
            arena.OnL1(arena.Accounts.Proposer),
            new GameProposal(GameTypes.Fault, Bytes32.Keccak256("forged"u8), ClaimedBlock));
        Contract contract = proposer.Contract;
        GameClient honest = new(contract, arena.OnL1(arena.Accounts.Challenger));
        GameClient thief = new(contract, arena.OnL1(arena.Accounts.Thief));
        for (int round = 0; round < RoundsMax; round++)
        {
            Game game = await ReadAsync(arena, contract);
            HonestSolver solver = new(
                new GameTrace(new OutputTrace(new Outputs(), game), new AlphabetTraces(Letter, game)),
                honest.Account);
            GamePlan plan = await solver.PlanAsync(game);
            Assert.Empty(plan.Abstentions);
            foreach (IntendedAction action in plan.Actions)
            {
                await PlayAsync(honest, action);
            }

            // The thief contradicts the last claim as long as there is room.
            game = await ReadAsync(arena, contract);
            Claim last = game.Claims[^1];
            if (plan.Actions.Count == 0 || last.Position.Depth == depth)
            {
                continue;
            }

            Bytes32 junk = Bytes32.FromInteger((BigInteger.One << 248) + round);
            BigInteger bond = game.Rules.Bonds[last.Position.Depth + 1];
            _ = await thief.AttackAsync(last, junk, bond);
        }

        Game end = await ReadAsync(arena, contract);
        Assert.Equal(depth, end.Claims[^1].Position.Depth);
        await arena.L1.AdvanceAsync(options.MaxClockSeconds);
        foreach (Claim claim in end.Claims.Reverse())
        {
            _ = await honest.ResolveClaimAsync(claim.Index);
        }

        _ = await honest.ResolveAsync();
        Game resolved = await ReadAsync(arena, contract);
        GameForecast forecast = GameForecast.Of(end);
        Assert.Equal(GameStatus.ChallengerWins, resolved.Status);
        Assert.Equal(forecast.Status, resolved.Status);
        Assert.Equal(forecast.CounteredBy, resolved.Claims.Select(claim => claim.CounteredBy));
        Assert.All(resolved.Claims, claim => Assert.True(claim.IsResolved));
        Assert.Equal(
            forecast.Credits[honest.Account],
            await honest.CreditAsync(honest.Account));
        await arena.L1.AdvanceAsync(options.BondDelaySeconds);
        _ = await honest.ClaimCreditAsync(honest.Account);
        Assert.Equal(0, await honest.CreditAsync(honest.Account));
    }

    private static async Task PlayAsync(GameClient client, IntendedAction action)
    {
        if (action is IntendedMove move)
        {
            _ = await client.MoveAsync(move.Against, move.IsAttack, move.Value, move.Bond);
            return;
        }

        IntendedStep step = (IntendedStep)action;
        if (step.Data.Preimage is { } need)
        {
            _ = await client.AddLocalDataAsync(need.LocalNumber!.Value, step.Against.Index, need.Offset);
        }

        _ = await client.StepAsync(step.Against.Index, step.IsAttack, step.Data);
    }

    private static async Task<Game> ReadAsync(ClassicArena arena, Contract contract)
    {
        Block block = await arena.L1.Node.GetBlockAsync(BlockReference.Latest);
        Game game = await GameReader.ReadAsync(contract, block);
        foreach (Claim claim in game.Claims.Where(_ => game.Status == GameStatus.InProgress))
        {
            FaultDisputeGame.GetChallengerDurationFunction question = new() { ClaimIndex = claim.Index };
            FaultDisputeGame.GetChallengerDurationResult used =
                await contract.ReadAsync(question, block.Number);
            Assert.InRange(used.Duration - game.ChallengerSeconds(claim), 0ul, 1ul);
        }

        return game;
    }

    private sealed class Outputs : IOutputSource
    {
        public Task<Bytes32> OutputAtAsync(ulong block, CancellationToken cancellation = default) =>
            Task.FromResult(ToyWorld.Output(block));

        public Task<ulong> LastBlockAsync(Bytes32 l1Head, CancellationToken cancellation = default) =>
            Task.FromResult(ulong.MaxValue);
    }
}

using System.Numerics;
using Culverin.Harness.Arenas;
using Culverin.Harness.Contracts;
using Culverin.Harness.Rollup;
using Culverin.Harness.Rpc;
using Culverin.Harness.Scenarios.Rigs;
using Culverin.Harness.Scenarios.Run;
using Culverin.Harness.Sending;
using Culverin.Harness.Values;
using Nethereum.Contracts;

namespace Culverin.Harness.Scenarios.Cases;

/// <summary>
/// What those who hold the keys of a rollup may try, and strangers: the L2 follows from L1, and its program
/// executes it and believes nobody.
/// </summary>
internal static class TheftScenarios
{
    private const ulong MiddleStep = 9_876_543;
    private const ulong Gas = 1_000_000;
    private const int SpamCount = 8;
    private const int SpamBytes = 20_000;
    private const string HeaderCase = "header";

    private static readonly BigInteger Stolen = 1_000 * ArenaOptions.Ether;

    // With the honest side as challenger, which has to step at an even depth, and the thief at an odd one.
    private static readonly ScenarioVariant[] Challenging =
    [
        .. ScenarioVariant.Depths.Select(each => each with { Honest = HonestSide.Challenger }),
    ];

    internal static IReadOnlyList<Scenario> All { get; } =
    [
        new()
        {
            Id = "T1",
            Title = "A proposer forges the state after honest data, or a batcher posts a header with it",
            Proves = "A state that L1's data do not make is refuted by one step, and no ether goes.",
            Variants =
            [
                Challenging[0] with { Case = "state" },
                Challenging[1] with { Case = HeaderCase },
            ],
            Options = CannonRig.DeepOptionsOf,
            Body = StealAsync,
        },
        new()
        {
            Id = "T2",
            Title = "Strangers fill the inbox, also with copies of what the batcher posts",
            Proves = "What the batcher did not sign changes nothing.",
            Variants = [Challenging[1]],
            Options = CannonRig.DeepOptionsOf,
            Body = SpamAsync,
        },
        new()
        {
            Id = "T3",
            Title = "The batcher posts nothing until some blocks' windows are over, and a deposit waits",
            Proves = "Empty blocks go on, with the deposit in them, and can be defended.",
            Variants = [new(Depth: DepthParity.Odd, Honest: HonestSide.Proposer)],
            Options = CannonRig.DeepOptionsOf,
            Body = HaltAsync,
        },
        new()
        {
            Id = "T4",
            Title = "A right output root of a block whose data come to L1 after the game was created",
            Proves = "What is safe at the game's L1 head counts, not what is safe later.",
            Variants = [Challenging[1]],
            Options = CannonRig.DeepOptionsOf,
            Body = TooEarlyAsync,
        },
    ];

    private static async Task StealAsync(ScenarioRun run)
    {
        await DepositAsync(run, Stolen).ConfigureAwait(false);
        if (run.Variant.Case == HeaderCase)
        {
            await PostForgedHeaderAsync(run).ConfigureAwait(false);
        }

        BigInteger held = await PortalBalanceAsync(run).ConfigureAwait(false);
        Address thief = run.Arena.Accounts.Thief.Address;
        ForgedOutput? forged = null;
        CannonGame theft = new()
        {
            Forge = right => (forged = ForgedOutput.Make(right, thief, Stolen)).Proof.Output,
        };
        using CannonRig rig = await CannonRig.StartAsync(run, theft).ConfigureAwait(false);
        await run.Arena.L1.AdvanceAsync(1, run.Cancellation).ConfigureAwait(false);
        TransactionReceipt proven = await SendToPortalAsync(run, forged!.Proof.Call(forged.Withdrawal, 0))
            .ConfigureAwait(false);
        run.Expect("Whether the portal takes the forged proof", true, proven.Succeeded);
        await rig.DuelWithLiarAsync(CannonRig.LastBlock, MiddleStep).ConfigureAwait(false);
        rig.ExpectStepped();
        await rig.Game.FinishAsync(GameStatus.ChallengerWins).ConfigureAwait(false);
        await run.Arena.L1
            .AdvanceAsync(run.Arena.Options.ProofMaturitySeconds, run.Cancellation)
            .ConfigureAwait(false);
        _ = await run
            .ExpectRevertAsync("The theft's payment", () => SendToPortalAsync(
                run,
                new OptimismPortal2.FinalizeWithdrawalTransactionFunction
                {
                    Tx = forged.Withdrawal.Transaction,
                }))
            .ConfigureAwait(false);
        run.Expect("What the portal holds", held, await PortalBalanceAsync(run).ConfigureAwait(false));
    }

    private static async Task SpamAsync(ScenarioRun run)
    {
        Random random = new(SpamCount);
        for (int index = 0; index < SpamCount; index++)
        {
            byte[] data = new byte[SpamBytes];
            random.NextBytes(data);

            // Half of it looks like what a batcher sends: version 0.
            data[0] = (byte)(index % 2);
            await SendToInboxAsync(run, run.Arena.Accounts.Freeloader, data).ConfigureAwait(false);
        }

        // A span of L2 blocks that the batcher signs, which a stranger posts first as his own.
        await run.Arena.L2.MineAsync(2, run.Cancellation).ConfigureAwait(false);
        await ((DerivedL2)run.Arena.L2)
            .PostAsync(run.Arena.Accounts.Freeloader, cancellation: run.Cancellation)
            .ConfigureAwait(false);
        SyncStatus status = await ((DerivedL2)run.Arena.L2).Rollup
            .GetSyncStatusAsync(run.Cancellation)
            .ConfigureAwait(false);
        run.Expect("What strangers made safe", run.Arena.AnchorBlock, status.Safe.Number);
        using CannonRig rig = await CannonRig.StartAsync(run).ConfigureAwait(false);
        await rig.DuelWithLiarAsync(CannonRig.LastBlock - 1, MiddleStep).ConfigureAwait(false);
        rig.ExpectStepped();
        await rig.Game.FinishAsync(rig.DueStatus).ConfigureAwait(false);
    }

    private static async Task HaltAsync(ScenarioRun run)
    {
        await DepositAsync(run, Stolen).ConfigureAwait(false);
        ulong window = run.Arena.Options.SequencingWindow;
        await run.Arena.L1.MineAsync((int)window + 5, run.Cancellation).ConfigureAwait(false);

        // The window of L1 block e is over when block e + window is there; e has one L2 block, number e + 1.
        Block head = await run.Arena.L1.Node
            .GetBlockAsync(BlockReference.Latest, run.Cancellation)
            .ConfigureAwait(false);
        ulong last = head.Number - window + 1;
        DerivedL2 l2 = (DerivedL2)run.Arena.L2;
        await l2.CatchUpAsync(run.Cancellation).ConfigureAwait(false);
        (_, BlockId safe) = await l2.Rollup
            .GetSafeHeadAsync(head.Number, run.Cancellation)
            .ConfigureAwait(false);
        run.Expect("The last block that goes on", last, safe.Number);
        CannonGame halted = new() { Posted = 0, Last = last };
        using CannonRig rig = await CannonRig.StartAsync(run, halted).ConfigureAwait(false);
        BigInteger balance = await rig.Node
            .GetBalanceAsync(
                run.Arena.Accounts.Helper.Address, CannonRig.LastBlock, run.Cancellation)
            .ConfigureAwait(false);
        run.Expect(
            "What the depositor has on L2", run.Arena.Options.AccountBalance + Stolen, balance);
        await rig.DuelWithLiarAsync(CannonRig.LastBlock, MiddleStep).ConfigureAwait(false);
        rig.ExpectStepped();
        await rig.Game.FinishAsync(rig.DueStatus).ConfigureAwait(false);
    }

    private static async Task TooEarlyAsync(ScenarioRun run)
    {
        const ulong Posted = 3;
        DerivedL2 l2 = (DerivedL2)run.Arena.L2;
        await l2.MineAsync((int)(CannonRig.LastBlock - run.Arena.AnchorBlock), run.Cancellation)
            .ConfigureAwait(false);
        OutputRoot unsafeOutput = await OutputRoot
            .ReadAsync(l2.Node, CannonRig.LastBlock, run.Cancellation)
            .ConfigureAwait(false);
        CannonGame early = new() { Posted = Posted, Root = unsafeOutput.Hash };
        using CannonRig rig = await CannonRig.StartAsync(run, early).ConfigureAwait(false);
        await l2.PostAsync(run.Arena.Accounts.Batcher, cancellation: run.Cancellation).ConfigureAwait(false);
        await rig.DuelWithLiarAsync(Posted + 1, MiddleStep).ConfigureAwait(false);
        rig.ExpectStepped();
        await rig.Game.FinishAsync(GameStatus.ChallengerWins).ConfigureAwait(false);
    }

    // What the old program would have believed: a header, signed by the batcher, of the next L2 block with
    // another state root.
    private static async Task PostForgedHeaderAsync(ScenarioRun run)
    {
        Block anchor = await run.Arena.L2.Node
            .GetBlockAsync(run.Arena.AnchorBlock, run.Cancellation)
            .ConfigureAwait(false);
        const int ParentField = 0;
        const int StateField = 3;
        const int NumberField = 8;
        RlpItem[] fields = [.. RlpItem.Decode(anchor.Header.Encode()).Items];
        fields[ParentField] = anchor.Hash;
        fields[StateField] = Bytes32.Keccak256("forged"u8);
        fields[NumberField] = RlpItem.FromInteger(anchor.Number + 1);
        byte[] data = [0, .. RlpItem.List(RlpItem.List(fields)).Encode()];
        await SendToInboxAsync(run, run.Arena.Accounts.Batcher, data).ConfigureAwait(false);
    }

    private static async Task SendToInboxAsync(ScenarioRun run, ArenaAccount account, byte[] data)
    {
        TransactionSender sender = run.Arena.OnL1(account);
        CallRequest call = new() { From = sender.Address, To = run.Arena.BatchInbox, Data = data };
        _ = await sender.SendAsync(call, run.Cancellation).ConfigureAwait(false);
    }

    private static async Task DepositAsync(ScenarioRun run, BigInteger wei)
    {
        TransactionSender depositor = run.Arena.OnL1(run.Arena.Accounts.Helper);
        _ = await depositor
            .SendAsync(
                run.Arena.Contracts.Portal.Request(
                    depositor.Address,
                    new OptimismPortal2.DepositTransactionFunction
                    {
                        To = depositor.Address,
                        Value = wei,
                        GasLimit = 100_000,
                    },
                    wei),
                run.Cancellation)
            .ConfigureAwait(false);
    }

    private static Task<TransactionReceipt> SendToPortalAsync(ScenarioRun run, FunctionMessage message)
    {
        TransactionSender thief = run.Arena.OnL1(run.Arena.Accounts.Thief);
        CallRequest call = run.Arena.Contracts.Portal.Request(thief.Address, message);
        return thief.SendAsync(call with { GasLimit = Gas }, run.Cancellation);
    }

    private static Task<BigInteger> PortalBalanceAsync(ScenarioRun run) =>
        run.Arena.L1.Node.GetBalanceAsync(
            run.Arena.Contracts.Portal.Address, cancellation: run.Cancellation);
}

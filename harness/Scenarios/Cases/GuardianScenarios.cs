using Culverin.Harness.Arenas;
using Culverin.Harness.Contracts;
using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Scenarios.Rigs;
using Culverin.Harness.Scenarios.Run;
using Culverin.Harness.Values;
using Culverin.Harness.Withdrawals.Messages;
using Culverin.Harness.Withdrawals.Status;
using Nethereum.Contracts;
using Contract = Culverin.Harness.Rpc.Contract;

namespace Culverin.Harness.Scenarios.Cases;

/// <summary>
/// What each act of the guardian does to a withdrawal, before its proof, after it, and when it could be
/// paid out; and how it is paid out all the same.
/// </summary>
internal static class GuardianScenarios
{
    private const string BeforeProve = "before-prove";
    private const string AfterProve = "after-prove";
    private const string BeforeFinalize = "before-finalize";

    internal static IReadOnlyList<Scenario> All { get; } =
    [
        Make(
            "guardian-pause",
            "The guardian pauses the system",
            "Proofs, payments and bonds are refused until the pause ends; deposits and games go on.",
            PauseAsync),
        Make(
            "guardian-blacklist",
            "The guardian blacklists the game",
            "It can still be proven on, but never pays; a proof on another game does.",
            BlacklistAsync),
        Make(
            "guardian-type",
            "The guardian makes the permissioned game the respected type",
            "Proofs and payments by the other type are refused; a permissioned game pays.",
            ChangeTypeAsync),
        Make(
            "guardian-type-back",
            "The guardian changes the respected type and back",
            "Games from before the change never pay; newer ones do.",
            ChangeTypeBackAsync),
        Make(
            "guardian-stranger",
            "Somebody who is not the deputy tries to act for the guardian",
            "Nothing of it works, and the withdrawal goes on.",
            StrangerAsync),
        Make(
            "guardian-module",
            "The Security Council dismisses the deputy's module",
            "The deputy can do nothing any more, the council itself can, and the withdrawal goes on.",
            DismissAsync),
    ];

    private static Scenario Make(
        string id, string title, string proves, Func<ScenarioRun, Case, Task> body) => new()
        {
            Id = id,
            Title = title,
            Proves = proves,
            Variants = ScenarioVariant.Cross(
                [BeforeProve, AfterProve, BeforeFinalize], ScenarioVariant.Only),
            Body = async run => await body(run, await ReachAsync(run).ConfigureAwait(false))
                .ConfigureAwait(false),
        };

    // At the last moment the game is resolved and both delays are over. An older game, of which a bond is
    // due, does not cover the withdrawal.
    private static async Task<Case> ReachAsync(ScenarioRun run)
    {
        WithdrawalRig rig = await WithdrawalRig.StartAsync(run).ConfigureAwait(false);
        await run.Arena.L2.MineAsync(1, run.Cancellation).ConfigureAwait(false);
        GameClient older = await rig.ProposeAsync().ConfigureAwait(false);
        await rig.WinAsync(older).ConfigureAwait(false);
        await run.Arena.L1
            .AdvanceAsync(run.Arena.Options.BondDelaySeconds, run.Cancellation)
            .ConfigureAwait(false);
        InitiatedWithdrawal withdrawal = await rig.WithdrawAsync().ConfigureAwait(false);
        GameClient game = await rig.ProposeAsync().ConfigureAwait(false);
        Case reached = new(rig, withdrawal, game, older);
        if (run.Variant.Case != BeforeProve)
        {
            _ = await rig.User.ProveAsync(withdrawal, run.Cancellation).ConfigureAwait(false);
        }

        if (run.Variant.Case == BeforeFinalize)
        {
            await rig.WinAsync(game).ConfigureAwait(false);
            await PassDelaysAsync(run, reached).ConfigureAwait(false);
        }

        return reached;
    }

    private static async Task PauseAsync(ScenarioRun run, Case reached)
    {
        (WithdrawalRig rig, InitiatedWithdrawal withdrawal, GameClient game, GameClient older) = reached;
        WithdrawalStatus before = await rig.StatusAsync(withdrawal).ConfigureAwait(false);
        await run.Arena.PauseAsync(run.Cancellation).ConfigureAwait(false);
        WithdrawalStatus status = await rig
            .ExpectBlockedAsync(withdrawal, BlockReason.Paused, WithdrawalAction.Wait)
            .ConfigureAwait(false);
        run.Expect("The game meanwhile", game.Contract.Address, status.Game!.Value);
        WithdrawalProof proof =
            await rig.ProofAsync(withdrawal, withdrawal.BlockNumber).ConfigureAwait(false);
        _ = await run
            .ExpectRevertAsync(
                "A proof during the pause",
                () => rig.ProveUncheckedAsync(withdrawal.Withdrawal, proof, 1),
                "CallPaused")
            .ConfigureAwait(false);
        _ = await run
            .ExpectRevertAsync(
                "A payment during the pause", () => rig.PayUncheckedAsync(withdrawal), "CallPaused")
            .ConfigureAwait(false);
        Address proposer = run.Arena.Accounts.Proposer.Address;
        _ = await run
            .ExpectRevertAsync(
                "The claim of a bond during the pause",
                () => older.ClaimCreditAsync(proposer, run.Cancellation),
                "paused")
            .ConfigureAwait(false);
        _ = await rig.DepositAsync(run.Arena.Accounts.Helper, 1).ConfigureAwait(false);
        await run.Arena.L2.MineAsync(1, run.Cancellation).ConfigureAwait(false);
        _ = await rig.ProposeAsync().ConfigureAwait(false);
        await run.Arena.UnpauseAsync(run.Cancellation).ConfigureAwait(false);
        status = await rig.StatusAsync(withdrawal).ConfigureAwait(false);
        run.Expect("The stage after the pause", before.Stage, status.Stage);
        _ = await older.ClaimCreditAsync(proposer, run.Cancellation).ConfigureAwait(false);
        await GoOnAsync(run, reached).ConfigureAwait(false);
    }

    private static async Task BlacklistAsync(ScenarioRun run, Case reached)
    {
        await run.Arena
            .BlacklistAsync(reached.Game.Contract.Address, run.Cancellation)
            .ConfigureAwait(false);
        await ExpectDeadAsync(run, reached, BlockReason.GameBlacklisted, null, "blacklisted")
            .ConfigureAwait(false);
    }

    private static async Task ChangeTypeAsync(ScenarioRun run, Case reached)
    {
        await run.Arena
            .SetRespectedGameTypeAsync(GameTypes.Permissioned, run.Cancellation)
            .ConfigureAwait(false);
        await ExpectDeadAsync(
            run,
            reached,
            BlockReason.WrongGameType,
            "invalid game type",
            "invalid game type",
            GameTypes.Permissioned).ConfigureAwait(false);
    }

    private static async Task ChangeTypeBackAsync(ScenarioRun run, Case reached)
    {
        await run.Arena
            .SetRespectedGameTypeAsync(GameTypes.Permissioned, run.Cancellation)
            .ConfigureAwait(false);
        await run.Arena
            .SetRespectedGameTypeAsync(GameTypes.Fault, run.Cancellation)
            .ConfigureAwait(false);
        await ExpectDeadAsync(
            run, reached, BlockReason.GameRetired, null, "before respected game type was updated")
            .ConfigureAwait(false);
    }

    private static async Task StrangerAsync(ScenarioRun run, Case reached)
    {
        Contract module = run.Arena.DeputyModule;
        Contract portal = reached.Rig.Portal;
        Address game = reached.Game.Contract.Address;
        (Contract Contract, FunctionMessage Call)[] acts =
        [
            (module, new DeputyGuardianModule.PauseFunction()),
            (module, new DeputyGuardianModule.BlacklistDisputeGameFunction
            {
                Portal = portal.Address,
                Game = game,
            }),
            (module, new DeputyGuardianModule.SetRespectedGameTypeFunction
            {
                Portal = portal.Address,
                GameType = GameTypes.Permissioned,
            }),
            (portal, new OptimismPortal2.BlacklistDisputeGameFunction { DisputeGame = game }),
            (portal, new OptimismPortal2.SetRespectedGameTypeFunction { GameType = GameTypes.Permissioned }),
        ];
        await ExpectNoEffectAsync(run, reached, async () =>
        {
            foreach ((Contract contract, FunctionMessage call) in acts)
            {
                _ = await run
                    .ExpectRevertAsync(
                        $"A stranger's {contract.Name}.{ContractCodec.NameOf(call)}",
                        () => reached.Rig.SendAsync(run.Arena.Accounts.Thief, contract, call),
                        "Unauthorized")
                    .ConfigureAwait(false);
            }
        }).ConfigureAwait(false);
        await GoOnAsync(run, reached).ConfigureAwait(false);
    }

    private static async Task DismissAsync(ScenarioRun run, Case reached)
    {
        IArena arena = run.Arena;

        // The list of modules begins at the address one, which stands before the first.
        Address first = Address.Parse("0x0000000000000000000000000000000000000001");
        await CouncilAsync(
            arena.Council.Contract,
            new GnosisSafe.DisableModuleFunction
            {
                PrevModule = first,
                Module = arena.DeputyModule.Address,
            }).ConfigureAwait(false);
        await ExpectNoEffectAsync(run, reached, async () =>
        {
            foreach (Func<Task> act in new Func<Task>[]
            {
                () => arena.PauseAsync(run.Cancellation),
                () => arena.BlacklistAsync(reached.Game.Contract.Address, run.Cancellation),
                () => arena.SetRespectedGameTypeAsync(GameTypes.Permissioned, run.Cancellation),
            })
            {
                _ = await run
                    .ExpectRevertAsync("An act of the dismissed deputy", act, "GS104")
                    .ConfigureAwait(false);
            }
        }).ConfigureAwait(false);
        Contract config = arena.Contracts.SuperchainConfig;
        await CouncilAsync(config, new SuperchainConfig.PauseFunction { Identifier = "by the council" })
            .ConfigureAwait(false);
        _ = await reached.Rig
            .ExpectBlockedAsync(reached.Withdrawal, BlockReason.Paused, WithdrawalAction.Wait)
            .ConfigureAwait(false);
        await CouncilAsync(config, new SuperchainConfig.UnpauseFunction()).ConfigureAwait(false);
        await GoOnAsync(run, reached).ConfigureAwait(false);

        Task CouncilAsync(Contract target, FunctionMessage call) =>
            arena.Council.ExecuteAsync(
                arena.OnL1(arena.Accounts.Helper),
                target,
                call,
                arena.Accounts.Council.Take(3),
                run.Cancellation);
    }

    // The game is worthless now, and the portal says so; a newer one of the right type serves.
    private static async Task ExpectDeadAsync(
        ScenarioRun run,
        Case reached,
        BlockReason reason,
        string? proofRefusal,
        string paymentRefusal,
        uint gameType = GameTypes.Fault)
    {
        (WithdrawalRig rig, InitiatedWithdrawal withdrawal, GameClient game, _) = reached;
        _ = await rig
            .ExpectBlockedAsync(withdrawal, reason, WithdrawalAction.Wait)
            .ConfigureAwait(false);
        WithdrawalProof proof =
            await rig.ProofAsync(withdrawal, withdrawal.BlockNumber).ConfigureAwait(false);
        if (proofRefusal is not null)
        {
            _ = await run
                .ExpectRevertAsync(
                    "A proof on the game",
                    () => rig.ProveUncheckedAsync(withdrawal.Withdrawal, proof, 1),
                    proofRefusal)
                .ConfigureAwait(false);
        }
        else if (run.Variant.Case == BeforeProve)
        {
            _ = await rig.ProveUncheckedAsync(withdrawal.Withdrawal, proof, 1).ConfigureAwait(false);
        }

        if (run.Variant.Case != BeforeFinalize)
        {
            await rig.WinAsync(game).ConfigureAwait(false);
            await PassDelaysAsync(run, reached).ConfigureAwait(false);
        }

        bool isProven = proofRefusal is null || run.Variant.Case != BeforeProve;
        _ = await run
            .ExpectRevertAsync(
                "A payment by the game",
                () => rig.PayUncheckedAsync(withdrawal),
                isProven ? paymentRefusal : "has not been proven")
            .ConfigureAwait(false);
        await run.Arena.L2.MineAsync(1, run.Cancellation).ConfigureAwait(false);
        GameClient next = await rig.ProposeAsync(type: gameType).ConfigureAwait(false);
        _ = await (isProven
            ? rig.ExpectBlockedAsync(withdrawal, reason, WithdrawalAction.Prove)
            : rig.ExpectStageAsync(withdrawal, WithdrawalStage.ReadyToProve, WithdrawalAction.Prove))
            .ConfigureAwait(false);
        _ = await rig.User.ProveAsync(withdrawal, run.Cancellation).ConfigureAwait(false);
        Case saved = reached with { Game = next };
        WithdrawalStatus status = await rig
            .ExpectStageAsync(withdrawal, WithdrawalStage.Maturing, WithdrawalAction.Wait)
            .ConfigureAwait(false);
        run.Expect("The game that it relies on now", next.Contract.Address, status.Game!.Value);
        await rig.WinAsync(next).ConfigureAwait(false);
        await PassDelaysAsync(run, saved).ConfigureAwait(false);
        _ = await rig.FinalizeAsync(withdrawal).ConfigureAwait(false);
        await rig.ExpectPaidAsync(withdrawal).ConfigureAwait(false);
    }

    private static async Task ExpectNoEffectAsync(ScenarioRun run, Case reached, Func<Task> act)
    {
        WithdrawalStatus before = await reached.Rig.StatusAsync(reached.Withdrawal).ConfigureAwait(false);
        await act().ConfigureAwait(false);
        WithdrawalStatus after = await reached.Rig.StatusAsync(reached.Withdrawal).ConfigureAwait(false);
        run.Expect("The stage afterwards", (before.Stage, before.Next), (after.Stage, after.Next));
    }

    // What is left to do for the withdrawal on its own game.
    private static async Task GoOnAsync(ScenarioRun run, Case reached)
    {
        (WithdrawalRig rig, InitiatedWithdrawal withdrawal, GameClient game, _) = reached;
        if (run.Variant.Case == BeforeProve)
        {
            _ = await rig.User.ProveAsync(withdrawal, run.Cancellation).ConfigureAwait(false);
        }

        if (run.Variant.Case != BeforeFinalize)
        {
            await rig.WinAsync(game).ConfigureAwait(false);
            await PassDelaysAsync(run, reached).ConfigureAwait(false);
        }

        _ = await rig.FinalizeAsync(withdrawal).ConfigureAwait(false);
        await rig.ExpectPaidAsync(withdrawal).ConfigureAwait(false);
    }

    private static async Task PassDelaysAsync(ScenarioRun run, Case reached)
    {
        WithdrawalStatus status = await reached.Rig.StatusAsync(reached.Withdrawal).ConfigureAwait(false);
        ulong after = status.L1Timestamp
            + ulong.Max(run.Arena.Options.ProofMaturitySeconds, run.Arena.Options.GameFinalitySeconds);
        await run.Arena.L1
            .AdvanceToAsync(status.ReadyAt ?? (after + 1), run.Cancellation)
            .ConfigureAwait(false);
    }

    /// <summary>A withdrawal at one of its moments.</summary>
    private sealed record Case(
        WithdrawalRig Rig, InitiatedWithdrawal Withdrawal, GameClient Game, GameClient Older);
}

using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Threading;
using System.Threading.Tasks;
using Culverin.Harness.Chain;
using Culverin.Harness.Withdrawals;

namespace Culverin.Harness.Cli.Withdrawals;

/// <summary>The verb <c>withdrawals</c> and those below it.</summary>
internal static class WithdrawalsCommand
{
    private const double PauseSecondsMin = 0.01;
    private const double PauseSecondsMax = 3_600;

    private static readonly WithdrawalFlags Flags = new();

    private static readonly Argument<string> Transaction = new("transaction")
    {
        Description = "the L2 transaction that asked for the withdrawal",
    };

    private static readonly Option<string> Account = new("--account")
    {
        HelpName = "ADDRESS",
        Description = "whose withdrawals",
        Required = true,
    };

    private static readonly Option<ulong> FromBlock = new("--from-block")
    {
        HelpName = "NUMBER",
        Description = "the L2 block to look from (default: the first)",
    };

    private static readonly Option<string?> Prover = new("--prover")
    {
        HelpName = "ADDRESS",
        Description = "whose proof counts (default: whichever pays first)",
    };

    private static readonly Option<double> Pause = new("--pause")
    {
        HelpName = "SECONDS",
        Description = "the wait between two looks (default: 5)",
        DefaultValueFactory = _ => 5,
    };

    /// <summary>Makes the verb.</summary>
    public static Command Create()
    {
        Command command = new("withdrawals", "Shows, proves and pays out withdrawals from L2 to L1.")
        {
            Verb("list", "Lists an account's withdrawals with their status.", ListAsync, Account, FromBlock),
            Verb("status", "Tells how far a withdrawal is, and why.", StatusAsync, Transaction, Prover),
            Verb("prove", "Proves a withdrawal on the earliest game that serves.", ProveAsync, Transaction),
            Verb("finalize", "Pays a withdrawal out.", FinalizeAsync, Transaction, Prover),
            Verb(
                "watch",
                "Proves and pays out an account's withdrawals by itself, until none is left.",
                WatchAsync,
                Account,
                FromBlock,
                Pause),
        };
        Flags.AddTo(command);
        return command;
    }

    private static Command Verb(
        string name,
        string description,
        Func<ParseResult, WithdrawalSession, WithdrawalView, CancellationToken, Task> run,
        params Symbol[] symbols)
    {
        Command command = new(name, description);
        foreach (Symbol symbol in symbols)
        {
            if (symbol is Argument argument)
            {
                command.Add(argument);
            }
            else
            {
                command.Add((Option)symbol);
            }
        }

        command.SetAction(async (flags, cancellation) =>
        {
            using WithdrawalSession session = await WithdrawalSession
                .OpenAsync(Flags.Read(flags), cancellation)
                .ConfigureAwait(false);
            await run(flags, session, new WithdrawalView(Flags.IsJson(flags)), cancellation)
                .ConfigureAwait(false);
            return ExitCodes.Success;
        });
        return command;
    }

    private static async Task ListAsync(
        ParseResult flags, WithdrawalSession session, WithdrawalView view, CancellationToken cancellation)
    {
        foreach (InitiatedWithdrawal each
            in await OwnAsync(flags, session, cancellation).ConfigureAwait(false))
        {
            view.ShowStatus(
                each,
                await session.Reader.ReadAsync(each, cancellation: cancellation).ConfigureAwait(false));
        }
    }

    private static async Task StatusAsync(
        ParseResult flags, WithdrawalSession session, WithdrawalView view, CancellationToken cancellation)
    {
        foreach (InitiatedWithdrawal each
            in await FindAsync(flags, session, cancellation).ConfigureAwait(false))
        {
            WithdrawalStatus status = await session.Reader
                .ReadAsync(each, ReadProver(flags), cancellation)
                .ConfigureAwait(false);
            view.ShowStatus(each, status);
        }
    }

    private static async Task ProveAsync(
        ParseResult flags, WithdrawalSession session, WithdrawalView view, CancellationToken cancellation)
    {
        WithdrawalClient client = session.Client;
        foreach (InitiatedWithdrawal each
            in await FindAsync(flags, session, cancellation).ConfigureAwait(false))
        {
            TransactionReceipt receipt =
                await client.ProveAsync(each, cancellation).ConfigureAwait(false);
            WithdrawalStatus status = await session.Reader
                .ReadAsync(each, cancellation: cancellation)
                .ConfigureAwait(false);
            view.ShowStatus(each, status, receipt.Hash);
        }
    }

    private static async Task FinalizeAsync(
        ParseResult flags, WithdrawalSession session, WithdrawalView view, CancellationToken cancellation)
    {
        WithdrawalClient client = session.Client;
        foreach (InitiatedWithdrawal each
            in await FindAsync(flags, session, cancellation).ConfigureAwait(false))
        {
            WithdrawalPayment payment = await client
                .FinalizeAsync(each, ReadProver(flags), cancellation)
                .ConfigureAwait(false);
            WithdrawalStatus status = await session.Reader
                .ReadAsync(each, cancellation: cancellation)
                .ConfigureAwait(false);
            view.ShowStatus(each, status, payment.Receipt.Hash);
            if (!payment.TargetSucceeded)
            {
                throw new ChainException(
                    ChainFailure.Reverted,
                    $"The target of {each.Withdrawal.Hash} refused the call; the withdrawal is used up.");
            }
        }
    }

    private static async Task WatchAsync(
        ParseResult flags, WithdrawalSession session, WithdrawalView view, CancellationToken cancellation)
    {
        TimeSpan pause = TimeSpan.FromSeconds(
            Math.Clamp(flags.GetValue(Pause), PauseSecondsMin, PauseSecondsMax));
        IReadOnlyList<InitiatedWithdrawal> own =
            await OwnAsync(flags, session, cancellation).ConfigureAwait(false);
        Dictionary<Bytes32, string> shown = [];
        await new WithdrawalWatcher(session.Client).RunAsync(
            own,
            pause,
            (each, status) =>
            {
                // What stays the same is told once.
                if (shown.GetValueOrDefault(each.Withdrawal.Hash) != status.Explanation)
                {
                    shown[each.Withdrawal.Hash] = status.Explanation;
                    view.ShowStatus(each, status);
                }
            },
            view.ShowFailure,
            cancellation).ConfigureAwait(false);
    }

    private static Task<IReadOnlyList<InitiatedWithdrawal>> OwnAsync(
        ParseResult flags, WithdrawalSession session, CancellationToken cancellation) =>
        session.Reader.ListAsync(
            Address.Parse(flags.GetValue(Account)!), flags.GetValue(FromBlock), cancellation);

    private static async Task<IReadOnlyList<InitiatedWithdrawal>> FindAsync(
        ParseResult flags, WithdrawalSession session, CancellationToken cancellation)
    {
        Bytes32 transaction = Bytes32.Parse(flags.GetValue(Transaction)!);
        IReadOnlyList<InitiatedWithdrawal> found =
            await session.Reader.FindAsync(transaction, cancellation).ConfigureAwait(false);
        return found.Count > 0
            ? found
            : throw new ChainException(
                ChainFailure.BadAnswer, $"The L2 transaction {transaction} asked for no withdrawal.");
    }

    private static Address? ReadProver(ParseResult flags) =>
        flags.GetValue(Prover) is { } prover ? Address.Parse(prover) : null;
}

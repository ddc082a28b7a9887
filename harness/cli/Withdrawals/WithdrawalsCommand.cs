using System.CommandLine;
using Culverin.Harness.Values;
using Culverin.Harness.Withdrawals;
using Culverin.Harness.Withdrawals.Messages;
using Culverin.Harness.Withdrawals.Status;

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

    private static readonly Option<int?> Index = new("--index")
    {
        HelpName = "NUMBER",
        Description = "which withdrawal of the transaction, from 0 (default: all)",
    };

    private static readonly Option<bool> AcceptLoss = new("--accept-loss")
    {
        Description = "execute it even when the money would not arrive and cannot be sent again",
    };

    private static readonly Option<ulong?> Gas = new("--gas")
    {
        HelpName = "AMOUNT",
        Description = "gas of the transaction (default: what the delivery needs)",
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
            Verb(
                "status", "Tells how far a withdrawal is, and why.", StatusAsync, Transaction, Index, Prover),
            Verb(
                "prove",
                "Proves withdrawals on the earliest game that serves.",
                ProveAsync,
                Transaction,
                Index),
            Verb(
                "finalize",
                "Pays withdrawals out; nothing is sent when the money would not arrive.",
                FinalizeAsync,
                Transaction,
                Index,
                Prover,
                AcceptLoss),
            Verb(
                "replay",
                "Lets the messenger deliver messages again that it could not deliver.",
                ReplayAsync,
                Transaction,
                Index,
                Gas),
            Verb(
                "watch",
                "Proves and pays out an account's withdrawals by itself, until none is left.",
                WatchAsync,
                Account,
                FromBlock,
                Pause,
                AcceptLoss),
        };
        Flags.AddTo(command);
        return command;
    }

    private static Command Verb(
        string name,
        string description,
        Func<ParseResult, WithdrawalSession, WithdrawalView, CancellationToken, Task<int>> run,
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
            return await run(flags, session, new WithdrawalView(Flags.IsJson(flags)), cancellation)
                .ConfigureAwait(false);
        });
        return command;
    }

    private static async Task<int> ListAsync(
        ParseResult flags, WithdrawalSession session, WithdrawalView view, CancellationToken cancellation)
    {
        foreach (InitiatedWithdrawal each
            in await OwnAsync(flags, session, cancellation).ConfigureAwait(false))
        {
            view.ShowStatus(
                each,
                await session.Reader.ReadAsync(each, cancellation: cancellation).ConfigureAwait(false));
        }

        return ExitCodes.Success;
    }

    private static async Task<int> StatusAsync(
        ParseResult flags, WithdrawalSession session, WithdrawalView view, CancellationToken cancellation)
    {
        foreach ((int index, InitiatedWithdrawal each)
            in await FindAsync(flags, session, cancellation).ConfigureAwait(false))
        {
            WithdrawalStatus status = await session.Reader
                .ReadAsync(each, ReadProver(flags), cancellation)
                .ConfigureAwait(false);
            view.ShowStatus(each, status, index: index);
        }

        return ExitCodes.Success;
    }

    private static async Task<int> ProveAsync(
        ParseResult flags, WithdrawalSession session, WithdrawalView view, CancellationToken cancellation)
    {
        WithdrawalClient client = session.Client;
        WithdrawalRound round = new(
            session.Reader,
            view,
            async each => (await client.ProveAsync(each, cancellation).ConfigureAwait(false)).Hash,
            status => status.ProvenAt is not null && status.Reason == BlockReason.None);
        return await round
            .RunAsync(await FindAsync(flags, session, cancellation).ConfigureAwait(false), cancellation)
            .ConfigureAwait(false);
    }

    private static async Task<int> FinalizeAsync(
        ParseResult flags, WithdrawalSession session, WithdrawalView view, CancellationToken cancellation)
    {
        WithdrawalClient client = session.Client;
        WithdrawalRound round = new(
            session.Reader,
            view,
            async each => (await client
                .FinalizeAsync(each, ReadProver(flags), flags.GetValue(AcceptLoss), cancellation)
                .ConfigureAwait(false)).Receipt.Hash,
            status => false);
        return await round
            .RunAsync(await FindAsync(flags, session, cancellation).ConfigureAwait(false), cancellation)
            .ConfigureAwait(false);
    }

    private static async Task<int> ReplayAsync(
        ParseResult flags, WithdrawalSession session, WithdrawalView view, CancellationToken cancellation)
    {
        WithdrawalClient client = session.Client;
        WithdrawalRound round = new(
            session.Reader,
            view,
            async each => (await client
                .ReplayAsync(each, flags.GetValue(Gas), cancellation)
                .ConfigureAwait(false)).Receipt.Hash,
            status => false);
        return await round
            .RunAsync(await FindAsync(flags, session, cancellation).ConfigureAwait(false), cancellation)
            .ConfigureAwait(false);
    }

    private static async Task<int> WatchAsync(
        ParseResult flags, WithdrawalSession session, WithdrawalView view, CancellationToken cancellation)
    {
        TimeSpan pause = TimeSpan.FromSeconds(
            Math.Clamp(flags.GetValue(Pause), PauseSecondsMin, PauseSecondsMax));
        IReadOnlyList<InitiatedWithdrawal> own =
            await OwnAsync(flags, session, cancellation).ConfigureAwait(false);
        Dictionary<Bytes32, string> shown = [];

        // What stays the same is told once.
        bool IsNew(InitiatedWithdrawal each, string text)
        {
            bool isNew = shown.GetValueOrDefault(each.Withdrawal.Hash) != text;
            shown[each.Withdrawal.Hash] = text;
            return isNew;
        }

        IReadOnlyList<InitiatedWithdrawal> lost =
            await new WithdrawalWatcher(session.Client, flags.GetValue(AcceptLoss)).RunAsync(
                own,
                pause,
                (each, status) =>
                {
                    if (IsNew(each, status.Explanation))
                    {
                        view.ShowStatus(each, status);
                    }
                },
                (each, error) =>
                {
                    if (IsNew(each, error.Message))
                    {
                        view.ShowFailure(each, error);
                    }
                },
                cancellation).ConfigureAwait(false);
        return lost.Count == 0 ? ExitCodes.Success : ExitCodes.Undelivered;
    }

    private static Task<IReadOnlyList<InitiatedWithdrawal>> OwnAsync(
        ParseResult flags, WithdrawalSession session, CancellationToken cancellation) =>
        session.Reader.ListAsync(
            Address.Parse(flags.GetValue(Account)!), flags.GetValue(FromBlock), cancellation);

    private static async Task<IReadOnlyList<(int Index, InitiatedWithdrawal Withdrawal)>> FindAsync(
        ParseResult flags, WithdrawalSession session, CancellationToken cancellation)
    {
        Bytes32 transaction = Bytes32.Parse(flags.GetValue(Transaction)!);
        IReadOnlyList<InitiatedWithdrawal> found =
            await session.Reader.FindAsync(transaction, cancellation).ConfigureAwait(false);
        if (found.Count == 0)
        {
            throw new ChainException(
                ChainFailure.BadAnswer, $"The L2 transaction {transaction} asked for no withdrawal.");
        }

        if (flags.GetValue(Index) is not { } chosen)
        {
            return [.. found.Select((each, index) => (index, each))];
        }

        return chosen >= 0 && chosen < found.Count
            ? [(chosen, found[chosen])]
            : throw new ChainException(
                ChainFailure.BadAnswer,
                $"The L2 transaction {transaction} asked for {found.Count} withdrawals: --index goes from 0 "
                    + $"to {found.Count - 1}.");
    }

    private static Address? ReadProver(ParseResult flags) =>
        flags.GetValue(Prover) is { } prover ? Address.Parse(prover) : null;
}

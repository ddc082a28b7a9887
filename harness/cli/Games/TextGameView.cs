using System.Globalization;
using System.Numerics;
using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Disputes.Player;
using Culverin.Harness.Disputes.Solver;
using Culverin.Harness.Values;

namespace Culverin.Harness.Cli.Games;

/// <summary>Lines for people on standard output.</summary>
internal sealed class TextGameView : IGameView
{
    private const double WeiOfEther = 1e18;

    private readonly TextWriter _output = Console.Out;

    /// <inheritdoc/>
    public void ShowGame(GameSummary summary)
    {
        Game game = summary.Game;
        _output.WriteLine(
            $"{summary.Found.Index}  {summary.Found.Address}  type {summary.Found.GameType}  {game.Status}");
        _output.WriteLine(
            $"   L2 block {game.ClaimedBlock}, claims: {game.Claims.Count}, bonds: {Ether(summary.BondsWei)}"
            + (summary.ClocksEndAt is { } end ? $", {summary.Forecast} unless moved by {Time(end)}" : ""));
        if (summary.Root is { } judgement)
        {
            _output.WriteLine($"   {judgement.Validity}: {judgement.Reason}");
        }
    }

    /// <inheritdoc/>
    public void ShowUnread(FoundGame found, string failure)
    {
        _output.WriteLine($"{found.Index}  {found.Address}  type {found.GameType}  not read");
        _output.WriteLine($"   {failure}");
    }

    /// <inheritdoc/>
    public void ShowTree(GameSummary summary)
    {
        ShowGame(summary);
        ShowClaim(summary, summary.Game.Root, "");
    }

    /// <inheritdoc/>
    public void ShowRecord(GameRecord record)
    {
        _output.WriteLine(
            $"{record.Address}  {record.Phase}  at L1 block {record.L1Block.Number}"
            + (record.Root is { } root ? $"  root {root.Validity}" : ""));
        if (record.Need is { } need)
        {
            _output.WriteLine($"   {need}");
        }

        foreach (string unknown in record.Unknowns)
        {
            _output.WriteLine($"   not known: {unknown}");
        }

        ShowRound(record.Actions, record.Intents, record.Waits, record.Warnings, record.Failure);
    }

    /// <inheritdoc/>
    public void ShowWarning(Address game, string text)
    {
        _output.WriteLine($"{game}  warning: {text}");
        _output.Flush();
    }

    /// <inheritdoc/>
    public void ShowOracle(OracleRecord record)
    {
        _output.WriteLine(
            $"{record.Address}  pre-image oracle  at L1 block {record.L1Block.Number}  "
            + $"proposals: {record.ProposalCount}");
        ShowRound(record.Actions, record.Intents, record.Waits, record.Warnings, record.Failure);
    }

    /// <inheritdoc/>
    public void ShowService(ServiceRecord record)
    {
        _output.WriteLine(record.Failure is { } failure
            ? $"The games could not be looked at: {failure}"
            : $"L1 block {record.Head?.Number}: {record.GameCount} games, {record.FinishedCount} finished, "
                + $"{record.FailedCount} failed, {record.UnknownCount} not known, {record.BusyCount} busy; "
                + "all acted on up to block "
                + $"{record.HighestActedBlock}");
        _output.Flush();
    }

    private void ShowRound(
        IReadOnlyList<PlayerAction> actions,
        IReadOnlyList<PlayerIntent> intents,
        IReadOnlyList<PlayerWait> waits,
        IReadOnlyList<string> warnings,
        string? failure)
    {
        foreach (PlayerAction action in actions)
        {
            string fate = action.Receipt.Succeeded ? "did" : "failed to";
            _output.WriteLine($"   {fate} {Describe(action.Intent)} in {action.Receipt.Hash}");
        }

        foreach (PlayerIntent intent in intents)
        {
            _output.WriteLine($"   intends {Describe(intent)}");
        }

        foreach (PlayerWait wait in waits)
        {
            string subject = wait.ClaimIndex is { } claim ? $" for claim {claim}" : "";
            string until = wait.Until is { } time ? $" Until {Time(time)}." : "";
            _output.WriteLine($"   waits{subject}: {wait.Reason}{until}");
        }

        foreach (string warning in warnings)
        {
            _output.WriteLine($"   warning: {warning}");
        }

        if (failure is not null)
        {
            _output.WriteLine($"   failed: {failure}");
        }

        _output.Flush();
    }

    private void ShowClaim(GameSummary summary, Claim claim, string indent)
    {
        string move = summary.Game.ParentOf(claim) is not { } parent ? "claim"
            : claim.Position == parent.Position.Attack() ? "attack" : "defence";
        _output.WriteLine($"{indent}{move} {claim.Index} at {claim.Position}  {claim.Value}");
        string fate = claim.CounteredBy is { } other ? $", countered by {other}" : "";
        string clock = claim.IsResolved
            ? ", resolved"
            : $", opponents have used {summary.Game.ChallengerSeconds(claim)} s of "
                + $"{summary.Game.Rules.MaxClockSeconds} s, to {Time(summary.Game.ClockEnd(claim))}";
        _output.WriteLine($"{indent}   by {claim.Claimant} for {Ether(claim.Bond)}{fate}{clock}");
        if (summary.Judgements.TryGetValue(claim.Index, out Judgement? judgement))
        {
            _output.WriteLine($"{indent}   {judgement.Validity}: {judgement.Reason}");
        }

        foreach (Claim child in summary.Game.ChildrenOf(claim).OrderBy(child => child.Position))
        {
            ShowClaim(summary, child, indent + "  ");
        }
    }

    private static string Describe(PlayerIntent intent)
    {
        string what = intent.Kind switch
        {
            PlayerActionKind.Move => intent.IsAttack == true ? "attack" : "defend",
            PlayerActionKind.LoadPreimage => "load a pre-image for",
            PlayerActionKind.Step => "step against",
            PlayerActionKind.ChallengeBlockNumber => "challenge the block number of",
            PlayerActionKind.ResolveClaim => "resolve",
            PlayerActionKind.ChallengePreimage => "challenge a large pre-image",
            PlayerActionKind.TakePreimage => "take a large pre-image",
            PlayerActionKind.ResolveGame => "resolve the game",
            _ => "claim credit",
        };
        string claim = intent.ClaimIndex is { } index ? $" claim {index}" : "";
        string bond = intent.BondWei.IsZero ? "" : $" for {Ether(intent.BondWei)}";
        string gas = intent.Gas is { } used
            ? FormattableString.Invariant($" with {used:N0} gas ({Ether(intent.GasCostWei ?? 0)})")
            : "";
        return $"{what}{claim}{bond}{gas} ({intent.Reason.TrimEnd('.')})";
    }

    private static string Ether(BigInteger wei) =>
        ((double)wei / WeiOfEther).ToString("0.######", CultureInfo.InvariantCulture) + " ETH";

    private static string Time(ulong seconds) => seconds <= (ulong)DateTimeOffset.MaxValue.ToUnixTimeSeconds()
        ? DateTimeOffset.FromUnixTimeSeconds((long)seconds).ToString("u", CultureInfo.InvariantCulture)
        : "never";
}

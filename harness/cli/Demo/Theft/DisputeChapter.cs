using Culverin.Harness.Arenas;
using Culverin.Harness.Contracts;
using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Disputes.Player;
using Culverin.Harness.Disputes.Solver;
using Culverin.Harness.Disputes.Traces;
using Culverin.Harness.Report.Pages;
using Culverin.Harness.Report.Stories;
using Culverin.Harness.Rpc;
using Culverin.Harness.Sending;
using Culverin.Harness.Values;

namespace Culverin.Harness.Cli.Demo.Theft;

/// <summary>
/// The thief proposes the forged root and proves by it; the challenger disputes it down to one step. Both
/// are played by the same player, who believes what its traces say.
/// </summary>
internal sealed class DisputeChapter(
    TheftWorld world, StoryRecorder story, RollupChapter before, CancellationToken cancellation)
{
    private readonly Dictionary<int, TransactionReceipt> _moves = [];
    private string _waits = "";
    private readonly ForgedState _forged = before.Forged!;

    /// <summary>The thief's proposal; null until it was made.</summary>
    public TheftProposal? Proposal { get; private set; }

    /// <summary>When the thief proved the withdrawal, in seconds since 1970.</summary>
    public ulong ProvenAt { get; private set; }

    /// <summary>The step; null until it was made.</summary>
    public StepStory? Step { get; private set; }

    /// <summary>The transactions that made the claims, in their order.</summary>
    public IReadOnlyList<TransactionFacts> Transactions =>
        [.. _moves.OrderBy(each => each.Key).Select(each => TransactionFacts.Of(each.Value))];

    /// <summary>Tells the chapter.</summary>
    public async Task TellAsync()
    {
        story.Chapter = "A thief proposes a state that never was";
        await ProposeAsync().ConfigureAwait(false);
        await ProveAsync().ConfigureAwait(false);
        story.Chapter = "The dispute: from 300 blocks to one instruction";
        await LookAtHonestAsync().ConfigureAwait(false);
        await PlayAsync().ConfigureAwait(false);
    }

    private async Task ProposeAsync()
    {
        await story.AddAsync(
            StoryChain.None,
            "thief",
            $"forges a state after block {_forged.BlockNumber}: all deposits are withdrawn to the thief")
            .ConfigureAwait(false);
        GameProposal proposal = new(GameTypes.Fault, _forged.Root, _forged.BlockNumber);
        TransactionSender thief = world.Arena.OnL1(world.Arena.Accounts.Thief);
        GameClient client = await GameClient
            .CreateAsync(world.Disputes.Factory, world.Disputes.Game, thief, proposal, cancellation)
            .ConfigureAwait(false);
        Block block = await world.L1
            .GetBlockAsync(BlockReference.Latest, cancellation)
            .ConfigureAwait(false);
        TransactionReceipt creation = (await world.L1
            .FindReceiptAsync(block.TransactionHashes[0], cancellation)
            .ConfigureAwait(false))!;
        Proposal = new TheftProposal(
            "the forged proposal",
            client.Contract,
            (ulong)before.Proposals.Count,
            _forged.BlockNumber,
            creation,
            block.Timestamp,
            world.Arena.Options.InitialBond);
        _moves[0] = creation;
        await story.AddAsync(
            StoryChain.L1,
            "thief",
            $"proposes: after block {_forged.BlockNumber} the output root is {Wording.Abridge(_forged.Root)}",
            creation,
            Proposal.BondWei).ConfigureAwait(false);
        await world.Arena.L1.MineAsync(1, cancellation).ConfigureAwait(false);
    }

    private async Task ProveAsync()
    {
        await story.RefuseAsync(
            "thief",
            "tries to prove that withdrawal on the honest proposal 3",
            () => ProveOnAsync(before.Proposals[2]),
            "OptimismPortal: invalid output root proof").ConfigureAwait(false);
        TransactionReceipt receipt = await ProveOnAsync(Proposal!).ConfigureAwait(false);
        Block block = await world.L1
            .GetBlockAsync(receipt.BlockNumber, cancellation)
            .ConfigureAwait(false);
        ProvenAt = block.Timestamp;
        await story.AddAsync(
            StoryChain.L1,
            "thief",
            "proves it on the forged proposal; the portal accepts, as the state is whole",
            receipt,
            _forged.Withdrawal.Value).ConfigureAwait(false);
        story.Expect("the portal takes the thief’s proof: the forgery is a real one", receipt.Succeeded);
    }

    private Task<TransactionReceipt> ProveOnAsync(TheftProposal proposal)
    {
        TransactionSender thief = world.Arena.OnL1(world.Arena.Accounts.Thief);
        Contract portal = world.Withdrawals.Portal;
        CallRequest call = portal.Request(
            thief.Address, _forged.Proof.Call(_forged.Withdrawal, proposal.Index));
        return thief.SendAsync(call, cancellation);
    }

    private async Task LookAtHonestAsync()
    {
        IGameTraces traces = world.TracesOf("challenger");
        foreach (TheftProposal proposal in before.Proposals)
        {
            using GamePlayer player =
                world.PlayerOf(world.Arena.Accounts.Challenger, proposal.Game.Address, traces);
            GameRecord record = await RoundAsync(player).ConfigureAwait(false);
            story.Expect(
                $"the challenger finds {proposal.Name} right and leaves it alone",
                record.Actions.Count == 0 && record.Root?.Validity == Validity.Valid,
                record.Root?.Reason ?? "not known");
        }

        await story.AddAsync(
            StoryChain.None, "challenger", "recomputes all proposals; three are right, one is not")
            .ConfigureAwait(false);
    }

    private async Task PlayAsync()
    {
        LyingTraces lies = new(world, "thief", _forged);
        Address game = Proposal!.Game.Address;
        using GamePlayer challenger =
            world.PlayerOf(world.Arena.Accounts.Challenger, game, world.TracesOf("challenger"));
        using GamePlayer thief = world.PlayerOf(world.Arena.Accounts.Thief, game, lies);
        bool isGoingOn = true;
        while (isGoingOn)
        {
            isGoingOn = await MoveAsync("thief", thief, lies).ConfigureAwait(false);
            isGoingOn |= await MoveAsync("challenger", challenger, lies).ConfigureAwait(false);
        }

        Game end = await world.ReadAsync(Proposal.Game, cancellation).ConfigureAwait(false);
        story.Expect(
            "the dispute went down to one step",
            end.Claims[^1].Position.Depth == end.Rules.MaxDepth && Step is not null,
            $"{end.Claims.Count} claims. {_waits}");
        story.Expect(
            "the step that was disputed is the one that the thief lied about",
            Step is { } step && lies.Lie is { } lie && step.StepNumber == lie.Step,
            $"{Step?.StepNumber}");
    }

    private async Task<bool> MoveAsync(string actor, GamePlayer player, LyingTraces lies)
    {
        GameRecord record = await RoundAsync(player).ConfigureAwait(false);
        _waits = string.Join(" ", record.Waits.Select(wait => wait.Reason));
        Game game = await world.ReadAsync(Proposal!.Game, cancellation).ConfigureAwait(false);
        foreach (PlayerAction action in record.Actions)
        {
            if (action.Intent.Kind == PlayerActionKind.Move)
            {
                Claim claim = game.Claims[_moves.Count];
                _moves[claim.Index] = action.Receipt;
                await story.AddAsync(
                    StoryChain.L1,
                    actor,
                    $"claim {claim.Index} {ClaimWording.Move(game, claim)}: "
                        + $"{ClaimWording.Place(game, claim)} gives {Wording.Abridge(claim.Value)}",
                    action.Receipt,
                    claim.Bond,
                    EntryKind.Move,
                    $"“{action.Intent.Reason}”").ConfigureAwait(false);
            }
            else if (action.Intent.Kind == PlayerActionKind.Step)
            {
                await StepAsync(actor, game, action, lies).ConfigureAwait(false);
            }
            else
            {
                await story.AddAsync(
                    StoryChain.L1, actor, $"{action.Intent.Kind}: {action.Intent.Reason}", action.Receipt)
                    .ConfigureAwait(false);
            }
        }

        return record.Actions.Count > 0;
    }

    private async Task<GameRecord> RoundAsync(GamePlayer player)
    {
        Block head = await world.L1
            .GetBlockAsync(BlockReference.Latest, cancellation)
            .ConfigureAwait(false);
        GameRecord record = await player.PlayAsync(head, cancellation).ConfigureAwait(false);
        return record.Failure is { } failure
            ? throw new ChainException(ChainFailure.BadAnswer, failure)
            : record;
    }

    private async Task StepAsync(string actor, Game game, PlayerAction action, LyingTraces lies)
    {
        Claim claim = game.Claims[action.Intent.ClaimIndex!.Value];
        bool isAttack = action.Intent.IsAttack!.Value;
        UInt128 leaf = claim.Position
            .RelativeTo(game.Rules.SplitDepth + 1)
            .TraceIndex(game.Rules.ExecutionDepth);
        using OpenTrace trace = await world.TracesOf("observer")
            .OpenAsync(game, cancellation)
            .ConfigureAwait(false);
        StepData data = await trace.Trace
            .StepAsync(game, claim, isAttack, cancellation)
            .ConfigureAwait(false);
        MIPS.StepResult after = await world.Disputes.Machine
            .ReadAsync(
                new MIPS.StepFunction
                {
                    StateData = data.Prestate.ToArray(),
                    Proof = data.Proof.ToArray(),
                },
                cancellation: cancellation)
            .ConfigureAwait(false);
        Step = new StepStory
        {
            Actor = actor,
            ClaimIndex = claim.Index,
            IsAttack = isAttack,
            StepNumber = (ulong)(isAttack ? leaf : leaf + 1),
            RunSteps = lies.Lie!.RunSteps,
            Instruction = lies.Lie.Instruction,
            Before = game.PrestateOf(claim, isAttack)?.Value ?? game.Rules.AbsolutePrestate,
            After = after.Value,

            // Where the step goes on from the claim, what follows on it is nobody's claim but the lie itself.
            Claimed = isAttack ? claim.Value : lies.Lie.Hashes[0],
            Transaction = TransactionFacts.Of(action.Receipt),
        };
        await story.AddAsync(
            StoryChain.L1,
            actor,
            $"steps: the MIPS contract executes {Step.Instruction}, and claim {claim.Index} is refuted",
            action.Receipt,
            detail: $"The program’s verdict in memory is exit code {lies.Lie.TrueCode}; the thief claims "
                + $"that the load gave {lies.Lie.TrueCode ^ 1}.").ConfigureAwait(false);
        Bytes32 right = await trace.Trace
            .RightValueAsync(game, game.PoststateOf(claim, isAttack), cancellation)
            .ConfigureAwait(false);
        story.Expect("engine and MIPS contract agree on the state after the step", right == Step.After);
        story.Expect("the thief’s claim is another state", Step.Claimed != Step.After);
        story.Expect("the step is the one that the thief lies about", Step.StepNumber == lies.Lie.Step);
    }
}

namespace Culverin.Mutations;

/// <summary>
/// Every rule of the solver and every safety check of the player. Who adds one adds it here, and who changes
/// the text of one changes it here too: a text that is not found ends the run.
/// </summary>
internal static partial class Mutations
{
    private const string Never = "if (false)";

    private static readonly Guard Solver = new("The_honest_side_wins");

    internal static IReadOnlyList<Mutation> All { get; } =
    [
        .. SolverRules(),
        .. OtherSolverRules(),
        .. Knowledge(),
        .. Sending(),
        .. Nodes(),
        .. Preimages(),
        .. Evidence(),
    ];

    private static Mutation[] SolverRules()
    {
        const string Plan = "Disputes/Solver/PlanBuilder.cs";
        return
        [
            new(
                "unknown-costs-nothing",
                Plan,
                "if (judgement.Validity == Validity.Unknown)",
                Never,
                new("What_is_not_known_costs_nothing")),
            new(
                "do-not-counter-self",
                Plan,
                "if (claim.Claimant == _self)",
                Never,
                new("What_the_own_account_claimed_once")),
            new(
                "leave-undefendable-root",
                Plan,
                "if (!isAttack && _isRootUndefendable && claim.ParentIndex == _game.Root.Index)",
                Never,
                new("Defending_a_right_root")),
            new(
                "see-undefendable-root",
                Plan,
                "(_, true) => AcceptUndefendable(judgement),",
                "(_, true) => judgement,",
                new("Defending_a_right_root", "C17")),
            new(
                "avoid-poison",
                Plan,
                "&& judgement.Validity != Validity.Valid)",
                "&& judgement.Validity > Validity.Invalid)",
                new("Nothing_is_built_on_what_a_node_said")),
            new(
                "step-at-max-depth-only",
                Plan,
                "?? (claim.Position.Depth == _game.Rules.MaxDepth",
                "?? (claim.Position.Depth > _game.Rules.MaxDepth",
                Solver),
            new(
                "do-not-defend-first-claims",
                Plan,
                "if (!isAttack && (claim.IsRoot || claim.Position.Depth == _game.Rules.SplitDepth + 1))",
                Never,
                new("The_first_claim_about_a_run_is_not_defended")),
            new(
                "fitting-status",
                Plan,
                "&& !HasFittingStatus(claim, isAttack, value))",
                "&& false)",
                new("A_run_that_does_not_end_is_not_claimed")),
        ];
    }

    private static Mutation[] OtherSolverRules()
    {
        const string Plan = "Disputes/Solver/PlanBuilder.cs";
        const string Claims = "Disputes/Solver/HonestClaims.cs";
        return
        [
            new(
                "do-not-duplicate-moves",
                Plan,
                "if (_game.Find(claim, position, value) is not null)",
                Never,
                Solver),
            new(
                "no-move-after-the-clock",
                Plan,
                "if (_game.ChallengerSeconds(claim) >= _game.Rules.MaxClockSeconds)",
                Never,
                new("Nobody_moves_once_the_time_is_over")),
            new(
                "no-move-against-a-refuted-root",
                Plan,
                "if (claim.IsRoot && _game.BlockNumberChallenger is not null)",
                Never,
                new("A_root_that_is_shown_to_be_about_another_block")),
            new(
                "do-not-step-countered",
                Plan,
                "if (claim.CounteredBy is not null)",
                Never,
                Solver),
            new(
                "detect-failed-step",
                Plan,
                "if (after.Validity != (isSameSide ? Validity.Invalid : Validity.Valid))",
                Never,
                new("A_step_that_would_fail")),
            new(
                "step-from-the-games-state",
                Plan,
                "if (!prestate.ToArray().AsSpan(1).SequenceEqual(expected.ToArray().AsSpan(1)))",
                Never,
                new("A_step_that_begins_elsewhere")),
            new(
                "counter-freeloaders",
                Claims,
                "&& claim.Position.TraceIndex(depth) <= counter.TraceIndex(depth);",
                "&& false;",
                new("The_honest_side_wins", "A5")),
            new(
                "leave-others-quarrels",
                Claims,
                "if (game.ParentOf(claim) is not { } parent || Contains(parent))",
                "if (game.ParentOf(claim) is not { } parent || parent.Index >= 0)",
                Solver),
        ];
    }

    private static Mutation[] Knowledge() =>
    [
        new(
            "outputs-end-with-the-data",
            "Disputes/Traces/OutputTrace.cs",
            ": ulong.Min(BlockAt(_game, traceIndex), last);",
            ": BlockAt(_game, traceIndex);",
            new("The_honest_side_wins", "C11", "C12")),
        .. Derivation(),
        new(
            "run-from-a-right-output",
            "Disputes/Traces/Programs/ProgramTraces.cs",
            "return output.Hash == dispute.Starting && disputed < ulong.MaxValue",
            "return output.Hash != default && disputed < ulong.MaxValue",
            new("Nothing_is_run_from_an_output")),
        new(
            "same-program",
            "Disputes/Traces/GameTrace.cs",
            "return EqualsButStatus(prestate, game.Rules.AbsolutePrestate)",
            "return prestate != default",
            new("Another_program_than_the_games")),
        new(
            "known-version",
            "Disputes/Games/GameReader.cs",
            "ClassicGameReader.Version => await",
            "not \"\" => await",
            new("A_game_of_another_version")),
        new(
            "program-that-fits",
            "Disputes/Player/GamePlayer.cs",
            "if (need is not { IsTooLong: true })",
            "if (true)",
            new("StepSurveyTests")),
        new(
            "unknown-root-is-told",
            "Disputes/Player/GamePlayer.cs",
            "return plan.Root.Validity == Validity.Unknown\n",
            "return plan.Root.Validity > Validity.Invalid\n",
            new("A_node_of_the_L2_that_fails_is_told")),
        new(
            "failures-are-told",
            "Disputes/Solver/PlanBuilder.cs",
            "if (error is not UndecidableException)",
            Never,
            new("A_node_of_the_L2_that_fails_is_told")),
    ];

    private static Mutation[] Sending()
    {
        const string Moves = "Disputes/Player/PlayerMoves.cs";
        return
        [
            new(
                "same-l1-block",
                Moves,
                "if (same?.Hash != block.Hash)",
                Never,
                new("A_reorganisation_while_it_thinks")),
            new(
                "same-claim",
                Moves,
                "if (claim.Claim != action.Against.Value || claim.Position != action.Against.Position)",
                Never,
                new("A_claim_that_is_another_one")),
            new(
                "still-due",
                Moves,
                "return isOpen && action switch",
                "return action.IsAttack || action switch",
                new("What_a_step_reads_is_not_loaded")),
            new(
                "own-l2-only",
                "Disputes/Player/GamePlayer.cs",
                "if (game.L2ChainId != _traces.L2ChainId)",
                Never,
                new("Another_chains_game_is_refused")),
            new(
                "own-program-only",
                "Disputes/Player/GamePlayer.cs",
                "return isSame || _options.TypesOfAnyPrestate.Contains(_gameType)",
                "return isSame || _gameType < uint.MaxValue",
                new("Another_program_plays_no_game", "M2")),
            new(
                "bond-is-there",
                "Disputes/Player/PlayerSender.cs",
                "if (balance > intent.BondWei)",
                "if (balance >= 0)",
                new("An_account_without_funds_waits")),
            new(
                "nothing-in-a-dry-run",
                "Disputes/Player/PlayerSender.cs",
                "if (IsDryRun)\n            {",
                "if (false)\n            {",
                new("A_dry_run_tells_the_cost")),
        ];
    }

    private static Mutation[] Nodes()
    {
        const string Source = "Disputes/Traces/Outputs/VerifierOutputSource.cs";
        const string Watch = "Disputes/Player/HeadWatch.cs";
        const string Agreement = "Disputes/Games/GameAgreement.cs";
        return
        [
            new(
                "l2-node-has-l1s-blocks",
                Source,
                "return own?.Hash == safe.Hash",
                "return own is not null",
                new("A_safe_block_that_the_other_node_does_not_have")),
            new(
                "verifier-has-read-l1",
                Source,
                "if (status.CurrentL1.Number < head.Number)",
                Never,
                new("A_node_that_is_behind_L1")),
            new(
                "verifier-of-the-same-l1",
                Source,
                "if (present?.Hash != block.Hash)",
                Never,
                new("A_node_of_another_L1")),
            new(
                "output-that-proofs-make",
                Source,
                "return derived == output.Hash",
                "return derived != default",
                new("An_output_that_no_proof_makes")),
            new(
                "l2-node-of-the-agreed-chain",
                Source,
                "if (output.Hash != expected)",
                Never,
                new("Another_chain_and_another_beginning")),
            new("l2-chain-id", Source, "if (id != _l2ChainId)", Never, new("A_node_of_another_chain_is_not")),
            new(
                "no-older-head",
                Watch,
                "if (head.Number < _highest && _olderCount < patience)",
                Never,
                new("An_older_head_and_another_chain")),
            new(
                "l1-chain-id",
                Watch,
                "_isChecked[index] = id == _chainId",
                "_isChecked[index] = id > 0",
                new("An_older_head_and_another_chain")),
            new(
                "enough-heads",
                Watch,
                "if (known.Length + 1 < agreementCount)",
                Never,
                new("The_newest_block_that_enough_nodes_have")),
            new(
                "no-contradiction",
                Agreement,
                "each => each.Error is null && !isSame(known[0], each.Answer!));",
                "each => false);",
                new("Another_node_that_does_not_agree")),
            new(
                "enough-nodes",
                Agreement,
                "if (known.Length >= count)",
                "if (known.Length >= 1)",
                new("Another_node_that_does_not_agree")),
        ];
    }

    private static Mutation[] Preimages()
    {
        Guard loads = new("PreimageLoaderTests", "C7/keccak-forged-odd-proposer");
        Guard watch = new("OracleWatchTests", "P1", "P2", "P3");
        return
        [
            new(
                "stored-part-is-ours",
                "Disputes/Preimages/StoredPart.cs",
                "return Part.ToArray().AsSpan(0, wanted.Length).SequenceEqual(wanted);",
                "return true;",
                new("PreimageLoaderTests")),
            new(
                "stored-length-is-ours",
                "Disputes/Preimages/StoredPart.cs",
                "if (!IsPresent || DataBytes != need.Value.Length - OracleKey.PrefixBytes)",
                "if (!IsPresent)",
                loads),
            new(
                "time-for-a-proposal",
                "Disputes/Preimages/LargePreimageProposal.cs",
                "return due < endSeconds",
                "return due > 0",
                new("PreimageLoaderTests")),
            new(
                "key-of-the-data",
                "Disputes/Preimages/PreimageLoader.cs",
                "|| KeyOf(need) != need.Key",
                "|| false",
                new("PreimageLoaderTests")),
            new(
                "others-proposals-are-checked",
                "Disputes/Player/OracleWatch.cs",
                "if (_right.Contains(name))",
                "if (_right.Add(name))",
                watch),
            new(
                "blocks-make-the-root",
                "Disputes/Preimages/ProposalReader.cs",
                "return tree.Root == proposal.Root",
                "return tree.Count > 0",
                new("OracleWatchTests")),
            new(
                "first-block-alone",
                "Disputes/Player/OracleWatch.cs",
                "return wrong == 0",
                "return wrong < 0",
                new("OracleWatchTests", "P1")),
            new(
                "challenged-once-only",
                "Disputes/Player/OracleWatch.cs",
                "if (await _reader.IsOpenAsync(proposal, cancellation).ConfigureAwait(false))",
                "if (proposal.BondWei >= 0)",
                new("What_another_has_challenged")),
        ];
    }

    // What the oracle contract recomputes a value from, and what runs begin with.
    private static Mutation[] Evidence() =>
    [
        new(
            "question-behind-an-answer",
            "Host/PreimageEvidence.cs",
            "PreimageKeyType.Precompile => store.FindQuestion(key) ?? throw Missing(key),",
            "PreimageKeyType.Precompile => [],",
            new(null, "C7/precompile-odd-proposer", "C8/absent-odd-proposer")),
        new(
            "proof-of-an-element",
            "Host/PreimageEvidence.cs",
            "[.. element.Blob.Commitment.Span, .. point.ToArray(), .. proof]",
            "[.. element.Blob.Commitment.Span, .. point.ToArray(), .. element.Blob.Commitment.Span]",
            new(null, "C7/blob-even-challenger")),
        new(
            "key-of-a-commitment",
            "Disputes/Preimages/PreimageLoader.cs",
            "PreimageKeyType.Sha256 => PreimageStore.Sha256KeyOf(data),",
            "PreimageKeyType.Sha256 => PreimageStore.KeyOf(data),",
            new(null, "C7/sha256-odd-proposer")),
        new(
            "generation-of-the-oracle",
            "Disputes/Preimages/PreimageLoader.cs",
            "return version.Value.StartsWith(\"1.0.\", StringComparison.Ordinal)",
            "return version.Value.StartsWith(\"2.0.\", StringComparison.Ordinal)",
            new(null, "C8/absent-odd-proposer")),
        new(
            "output-that-a-run-begins-with",
            "Disputes/Traces/Programs/ProgramTraces.cs",
            "ulong agreed = dispute.StartingPosition is { } position",
            "ulong agreed = dispute.StartingPosition is { } position && position.IndexAtDepth > 0",
            new(null, "C19")),
    ];
}

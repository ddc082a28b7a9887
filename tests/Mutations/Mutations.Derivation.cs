namespace Culverin.Mutations;

/// <summary>What is looked at before a node that derives the L2 is believed.</summary>
internal static partial class Mutations
{
    private static Mutation[] Derivation()
    {
        const string Source = "Disputes/Traces/Outputs/VerifierOutputSource.cs";
        return
        [
            new(
                "safe-at-the-games-head",
                Source,
                "_rollup.GetSafeHeadAsync(head.Number, cancellation)",
                "_rollup.GetSafeHeadAsync(status.CurrentL1.Number, cancellation)",
                new("What_is_on_L1_counts_and_nothing_else", "T4")),
            new(
                "verifier-has-read-so-far",
                Source,
                "if (status.CurrentL1.Number < head.Number)",
                Never,
                new("A_node_that_is_behind_L1_knows_nothing_yet")),
            new(
                "verifier-of-this-l1",
                Source,
                "if (present?.Hash != block.Hash)",
                Never,
                new("A_node_of_another_L1_is_not_believed")),
            new(
                "verifier-of-the-same-l2",
                Source,
                "return own?.Hash == safe.Hash",
                "return own?.Number == safe.Number",
                new("A_safe_block_that_the_other_node_does_not_have_is_not_believed")),
            new(
                "proofs-make-the-output",
                Source,
                "return derived == output.Hash",
                "return derived != default",
                new("An_output_that_no_proof_makes_is_not_believed")),
        ];
    }
}

using System.Text;
using Culverin.Harness.Arenas;
using Culverin.Harness.Arenas.Classic;
using Culverin.Harness.Disputes.Traces.Outputs;
using Culverin.Harness.Local;
using Culverin.Harness.Rollup;
using Culverin.Harness.Rpc;
using Culverin.Harness.Rpc.Transport;
using Culverin.Harness.Tests.Arenas;
using Culverin.Harness.Tests.Local;
using Culverin.Harness.Values;
using Xunit;

namespace Culverin.Harness.Tests.Disputes.Traces.Outputs;

public sealed class VerifierOutputTests(DerivedArenaFixture fixture) : IClassFixture<DerivedArenaFixture>
{
    private const ulong Posted = 5;

    [L2NodeFact]
    public async Task What_is_on_L1_counts_and_nothing_else()
    {
        (ClassicArena arena, L2Node verifier, Block before) = await PostAsync();
        VerifierOutputSource source = SourceOver(arena, verifier);
        Block head = await arena.L1.Node.GetBlockAsync(BlockReference.Latest);
        Assert.Equal(Posted, await source.LastBlockAsync(head.Hash));
        Assert.Equal(arena.AnchorBlock, await source.LastBlockAsync(before.Hash));
        OutputRoot own = await OutputRoot.ReadAsync(arena.L2.Node, Posted);
        Assert.Equal(own.Hash, await source.OutputAtAsync(Posted));
        Assert.Equal(own.BlockHash, (await source.EvidenceAtAsync(Posted)).Header.Hash);
    }

    [L2NodeFact]
    public async Task A_node_that_is_behind_L1_knows_nothing_yet()
    {
        (ClassicArena arena, L2Node verifier, _) = await PostAsync();
        SyncStatus status = await verifier.Rollup.GetSyncStatusAsync();
        string hash = status.CurrentL1.Hash.ToString();
        using Edited behind = new(
            verifier.Endpoint,
            $"\"hash\":\"{hash}\",\"number\":{status.CurrentL1.Number}",
            $"\"hash\":\"{hash}\",\"number\":{status.CurrentL1.Number - 1}");
        await AssertUnknownAsync(arena, verifier, behind.Rollup, "read L1 up to block");
    }

    [L2NodeFact]
    public async Task A_node_of_another_L1_is_not_believed()
    {
        (ClassicArena arena, L2Node verifier, _) = await PostAsync();
        SyncStatus status = await verifier.Rollup.GetSyncStatusAsync();
        using Edited other =
            new(verifier.Endpoint, status.CurrentL1.Hash.ToString()[2..], new string('7', 64));
        await AssertUnknownAsync(arena, verifier, other.Rollup, "L1 has no block");
    }

    [L2NodeFact]
    public async Task A_safe_block_that_the_other_node_does_not_have_is_not_believed()
    {
        (ClassicArena arena, L2Node verifier, _) = await PostAsync();
        Block fifth = await verifier.Node.GetBlockAsync(Posted);
        using Edited other = new(verifier.Endpoint, fifth.Hash.ToString()[2..], new string('7', 64));
        await AssertUnknownAsync(arena, verifier, other.Rollup, "but the L2's node has");
    }

    [L2NodeFact]
    public async Task An_output_that_no_proof_makes_is_not_believed()
    {
        (ClassicArena arena, L2Node verifier, _) = await PostAsync();
        OutputRoot right = await OutputRoot.ReadAsync(arena.L2.Node, Posted);
        using Edited lying = new(verifier.Endpoint, right.Hash.ToString()[2..], new string('7', 64));
        VerifierOutputSource source = SourceOver(arena, verifier, lying.Rollup);
        ChainException error =
            await Assert.ThrowsAsync<ChainException>(() => source.OutputAtAsync(Posted));
        Assert.Contains("the proofs of the L2's node make", error.Message, StringComparison.Ordinal);
    }

    [L2NodeFact]
    public async Task Another_chain_and_another_beginning_are_refused()
    {
        (ClassicArena arena, L2Node verifier, Block before) = await PostAsync();
        VerifierOutputSource otherChain = new(
            arena.L1.Node, verifier.Node, verifier.Rollup, 10, arena.AnchorBlock);
        ChainException error =
            await Assert.ThrowsAsync<ChainException>(() => otherChain.LastBlockAsync(before.Hash));
        Assert.Contains("must be 10", error.Message, StringComparison.Ordinal);
        VerifierOutputSource otherStart = new(
            arena.L1.Node,
            verifier.Node,
            verifier.Rollup,
            arena.Options.L2ChainId,
            arena.AnchorBlock,
            before.Hash);
        error = await Assert.ThrowsAsync<ChainException>(() => otherStart.LastBlockAsync(before.Hash));
        Assert.Contains("follows another chain", error.Message, StringComparison.Ordinal);
    }

    [L2NodeFact]
    public async Task An_L1_block_that_was_replaced_is_no_head()
    {
        (ClassicArena arena, L2Node verifier, _) = await PostAsync();
        ChainSnapshot moment = await arena.L1.RememberAsync();
        await arena.L1.AdvanceAsync(5);
        Block lost = await arena.L1.Node.GetBlockAsync(BlockReference.Latest);
        await verifier.FollowL1Async(arena.L1.Node);
        VerifierOutputSource source = SourceOver(arena, verifier);
        Assert.Equal(Posted, await source.LastBlockAsync(lost.Hash));
        await arena.L1.GoBackAsync(moment);
        await arena.L1.AdvanceAsync(6);
        VerifierOutputSource late = SourceOver(arena, verifier);
        _ = await Assert.ThrowsAsync<ChainException>(() => late.LastBlockAsync(lost.Hash));
    }

    // Nine blocks, of which five are on L1; and L1's newest block before.
    private async Task<(ClassicArena Arena, L2Node Verifier, Block Before)> PostAsync()
    {
        ClassicArena arena = await fixture.FreshAsync();
        DerivedL2 l2 = (DerivedL2)arena.L2;
        Block before = await arena.L1.Node.GetBlockAsync(BlockReference.Latest);
        await l2.MineAsync(9);
        await l2.PostAsync(arena.Accounts.Batcher, Posted);
        return (arena, await l2.VerifierAsync(), before);
    }

    private static VerifierOutputSource SourceOver(
        ClassicArena arena, L2Node verifier, RollupNode? rollup = null) => new(
        arena.L1.Node,
        verifier.Node,
        rollup ?? verifier.Rollup,
        arena.Options.L2ChainId,
        arena.AnchorBlock,
        arena.AnchorOutput.Hash);

    private static async Task AssertUnknownAsync(
        ClassicArena arena, L2Node verifier, RollupNode rollup, string words)
    {
        Block head = await arena.L1.Node.GetBlockAsync(BlockReference.Latest);
        VerifierOutputSource source = SourceOver(arena, verifier, rollup);
        ChainException error =
            await Assert.ThrowsAsync<ChainException>(() => source.LastBlockAsync(head.Hash));
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    // A node whose answers are changed on their way.
    private sealed class Edited : IDisposable
    {
        private readonly JsonRpcClient _rpc;

        internal Edited(Uri endpoint, string from, string to)
        {
            _rpc = new JsonRpcClient(endpoint, wrap: inner => new Handler(inner, from, to));
            Rollup = new RollupNode(_rpc);
        }

        internal RollupNode Rollup { get; }

        public void Dispose() => _rpc.Dispose();

        private sealed class Handler(HttpMessageHandler inner, string from, string to)
            : DelegatingHandler(inner)
        {
            protected override async Task<HttpResponseMessage> SendAsync(
                HttpRequestMessage request, CancellationToken cancellationToken)
            {
                HttpResponseMessage answer = await base.SendAsync(request, cancellationToken);
                string text = await answer.Content.ReadAsStringAsync(cancellationToken);
                answer.Content = new StringContent(
                    text.Replace(from, to, StringComparison.Ordinal), Encoding.UTF8, "application/json");
                return answer;
            }
        }
    }
}

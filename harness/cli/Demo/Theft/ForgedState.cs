using System.Numerics;
using Culverin.Harness.Disputes.Traces.Outputs;
using Culverin.Harness.Rollup;
using Culverin.Harness.Rpc;
using Culverin.Harness.Scenarios.Rigs;
using Culverin.Harness.Values;
using Culverin.Harness.Withdrawals.Messages;

namespace Culverin.Harness.Cli.Demo.Theft;

/// <summary>
/// A state of the L2 that never was: all is as it should be, but for a withdrawal that nobody made. The
/// withdrawal can be proven against its output root.
/// </summary>
/// <param name="Withdrawal">The withdrawal.</param>
/// <param name="Proof">Its proof.</param>
/// <param name="Evidence">The output and the block's header.</param>
internal sealed record ForgedState(Withdrawal Withdrawal, WithdrawalProof Proof, OutputEvidence Evidence)
{
    /// <summary>The block's number.</summary>
    public ulong BlockNumber => Evidence.Header.Number;

    /// <summary>The forged output root.</summary>
    public Bytes32 Root => Evidence.Output.Hash;

    /// <summary>Forges the state after the newest block.</summary>
    public static async Task<ForgedState> MakeAsync(
        EthereumNode l2, Address thief, BigInteger wei, CancellationToken cancellation)
    {
        Block block = await l2.GetBlockAsync(BlockReference.Latest, cancellation).ConfigureAwait(false);
        OutputRoot right = await OutputRoot.ReadAsync(l2, block.Header, cancellation).ConfigureAwait(false);
        ForgedOutput forged = ForgedOutput.Make(right, thief, wei);
        return new ForgedState(
            forged.Withdrawal, forged.Proof, new OutputEvidence(forged.Proof.Output, block.Header));
    }
}

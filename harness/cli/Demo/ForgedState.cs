using System;
using System.Numerics;
using System.Threading;
using System.Threading.Tasks;
using Culverin.Harness.Chain;
using Culverin.Harness.Disputes;
using Culverin.Harness.Rollup;
using Culverin.Harness.Withdrawals;

namespace Culverin.Harness.Cli.Demo;

/// <summary>
/// A state of the L2 that never was: all is as it should be, but for a withdrawal that nobody made. Its
/// output root is that of a whole block, and the withdrawal can be proven against it.
/// </summary>
/// <param name="Withdrawal">The withdrawal.</param>
/// <param name="Proof">Its proof.</param>
/// <param name="Evidence">The output and the block's header.</param>
internal sealed record ForgedState(Withdrawal Withdrawal, WithdrawalProof Proof, OutputEvidence Evidence)
{
    private const ulong GasLimit = 100_000;

    // The version of withdrawals in the top two bytes; the number is far beyond any real one.
    private static readonly BigInteger Nonce = (BigInteger.One << 240) + 1_000_000;

    /// <summary>The forged block's number.</summary>
    public ulong BlockNumber => Evidence.Header.Number;

    /// <summary>The forged output root.</summary>
    public Bytes32 Root => Evidence.Output.Hash;

    /// <summary>
    /// Forges the block after the newest, on the node itself, which then goes back to the truth.
    /// </summary>
    public static async Task<ForgedState> MakeAsync(
        Anvil l2, Address thief, BigInteger wei, CancellationToken cancellation)
    {
        Withdrawal withdrawal = new(Nonce, thief, thief, wei, GasLimit, Array.Empty<byte>());
        AnvilSnapshot truth = await l2.SnapshotAsync(cancellation).ConfigureAwait(false);
        JsonRpcRequest forge = JsonRpcRequest.Create(
            "anvil_setStorageAt",
            OutputRoot.MessagePasser.ToString(),
            withdrawal.Slot.ToString(),
            Bytes32.FromInteger(1).ToString());
        _ = await l2.Node.Rpc.CallAsync(forge, cancellation).ConfigureAwait(false);
        await l2.MineAsync(1, cancellation).ConfigureAwait(false);
        Block block = await l2.Node
            .GetBlockAsync(BlockReference.Latest, cancellation)
            .ConfigureAwait(false);
        WithdrawalProof proof = await WithdrawalProof
            .BuildAsync(l2.Node, withdrawal, block.Number, cancellation)
            .ConfigureAwait(false);
        await l2.RevertAsync(truth, cancellation).ConfigureAwait(false);
        return new ForgedState(withdrawal, proof, new OutputEvidence(proof.Output, block.Header));
    }
}

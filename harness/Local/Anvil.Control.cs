using System.Globalization;
using System.Numerics;
using System.Text.Json;
using Culverin.Harness.Rpc;
using Culverin.Harness.Rpc.Transport;
using Culverin.Harness.Values;
using Culverin.Harness.Values.Transactions;

namespace Culverin.Harness.Local;

/// <summary>What only a local node allows: its time, its blocks, its accounts, its past.</summary>
public sealed partial class Anvil
{
    private volatile bool _isAutomining = true;

    /// <summary>
    /// Sends signed transactions into one block and returns their receipts in the order given, which must
    /// be the order of each sender's numbers.
    /// </summary>
    public Task<IReadOnlyList<TransactionReceipt>> SendInOneBlockAsync(
        IReadOnlyList<SignedTransaction> transactions, CancellationToken cancellation = default) =>
        InOneBlockAsync(
            async () =>
            {
                IReadOnlyList<JsonRpcAnswer> answers = await Node.Rpc.BatchAsync(
                    [.. transactions.Select(transaction => JsonRpcRequest.Create(
                        "eth_sendRawTransaction", Hex.Format(transaction.Encode())))],
                    cancellation).ConfigureAwait(false);
                return [.. answers.Select(answer => new Bytes32(Hex.Read(answer.Require())))];
            },
            cancellation);

    /// <summary>Makes so many blocks now; they take the transactions that wait.</summary>
    public Task MineAsync(int blockCount = 1, CancellationToken cancellation = default) =>
        ControlAsync("anvil_mine", Quantity(blockCount), cancellation);

    /// <summary>Whether the node makes a block for each transaction at once; it does at first.</summary>
    public async Task SetAutomineAsync(bool isOn, CancellationToken cancellation = default)
    {
        await SwitchAutomineAsync(isOn, cancellation).ConfigureAwait(false);
        _isAutomining = isOn;
    }

    /// <summary>How many seconds after its parent every block is; by default the clock decides.</summary>
    public Task SetBlockIntervalAsync(int seconds, CancellationToken cancellation = default) =>
        ControlAsync(
            "anvil_setBlockTimestampInterval", writer => writer.WriteNumberValue(seconds), cancellation);

    /// <summary>Makes one empty block so many seconds after the newest.</summary>
    public async Task AdvanceAsync(ulong seconds, CancellationToken cancellation = default)
    {
        Block newest = await Node.GetBlockAsync(BlockReference.Latest, cancellation).ConfigureAwait(false);
        await AdvanceToAsync(newest.Timestamp + seconds, cancellation).ConfigureAwait(false);
    }

    /// <summary>Makes one block at this time, in seconds since 1970, after the newest block's.</summary>
    public async Task AdvanceToAsync(ulong timestamp, CancellationToken cancellation = default)
    {
        await ControlAsync(
            "evm_setNextBlockTimestamp", writer => writer.WriteNumberValue(timestamp), cancellation)
            .ConfigureAwait(false);
        await MineAsync(1, cancellation).ConfigureAwait(false);
    }

    /// <summary>Gives accounts this many wei.</summary>
    public async Task SetBalancesAsync(
        IReadOnlyList<Address> accounts, BigInteger wei, CancellationToken cancellation = default)
    {
        IReadOnlyList<JsonRpcAnswer> answers = await Node.Rpc.BatchAsync(
            [.. accounts.Select(account => JsonRpcRequest.Create(
                "anvil_setBalance", account.ToString(), Hex.FormatQuantity(wei)))],
            cancellation).ConfigureAwait(false);
        foreach (JsonRpcAnswer answer in answers)
        {
            _ = answer.Require();
        }
    }

    /// <summary>Lets eth_sendTransaction send for an account whose key nobody has.</summary>
    public Task ImpersonateAsync(Address account, CancellationToken cancellation = default) =>
        ControlAsync(
            "anvil_impersonateAccount",
            writer => writer.WriteStringValue(account.ToString()),
            cancellation);

    /// <summary>Remembers the chain as it is; <see cref="RevertAsync"/> goes back, once.</summary>
    public async Task<AnvilSnapshot> SnapshotAsync(CancellationToken cancellation = default)
    {
        JsonElement id = await Node.Rpc
            .CallAsync(JsonRpcRequest.Create("evm_snapshot"), cancellation)
            .ConfigureAwait(false);
        return new AnvilSnapshot(
            JsonText.Read(id), await GetNextBaseFeeAsync(cancellation).ConfigureAwait(false));
    }

    /// <summary>
    /// Goes back to a snapshot, which is used up. Throws <see cref="ChainException"/> when it is not there.
    /// </summary>
    public async Task RevertAsync(AnvilSnapshot snapshot, CancellationToken cancellation = default)
    {
        JsonElement done = await Node.Rpc
            .CallAsync(JsonRpcRequest.Create("evm_revert", snapshot.Id), cancellation)
            .ConfigureAwait(false);
        if (done.ValueKind != JsonValueKind.True)
        {
            throw new ChainException(
                ChainFailure.BadAnswer,
                $"The local node has no snapshot '{JsonText.Printable(snapshot.Id)}'.");
        }

        // The node itself would go on with the base fee that it had before it went back.
        await ControlAsync(
            "anvil_setNextBlockBaseFeePerGas",
            writer => writer.WriteStringValue(Hex.FormatQuantity(snapshot.NextBaseFee)),
            cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<ChainSnapshot> RememberAsync(CancellationToken cancellation = default) =>
        await SnapshotAsync(cancellation).ConfigureAwait(false);

    /// <inheritdoc/>
    public async Task GoBackAsync(ChainSnapshot snapshot, CancellationToken cancellation = default)
    {
        AnvilSnapshot own = (AnvilSnapshot)snapshot;
        await RevertAsync(own, cancellation).ConfigureAwait(false);
        own.Id = (await SnapshotAsync(cancellation).ConfigureAwait(false)).Id;
    }

    private async Task<BigInteger> GetNextBaseFeeAsync(CancellationToken cancellation)
    {
        JsonRpcRequest request = new("eth_feeHistory", writer =>
        {
            writer.WriteStringValue("0x1");
            writer.WriteStringValue("latest");
            writer.WriteStartArray();
            writer.WriteEndArray();
        });
        JsonElement history = await Node.Rpc.CallAsync(request, cancellation).ConfigureAwait(false);
        JsonElement next = new JsonObject(history, "fee history").List("baseFeePerGas").LastOrDefault();
        return Hex.ReadLargeQuantity(next);
    }

    private static Action<Utf8JsonWriter> Quantity(int number) =>
        writer => writer.WriteStringValue("0x" + number.ToString("x", CultureInfo.InvariantCulture));

    private Task SwitchAutomineAsync(bool isOn, CancellationToken cancellation) =>
        ControlAsync("evm_setAutomine", writer => writer.WriteBooleanValue(isOn), cancellation);

    private async Task ControlAsync(
        string method, Action<Utf8JsonWriter> parameters, CancellationToken cancellation) =>
        _ = await Node.Rpc.CallAsync(new JsonRpcRequest(method, parameters), cancellation)
            .ConfigureAwait(false);

    private async Task<IReadOnlyList<TransactionReceipt>> InOneBlockAsync(
        Func<Task<IReadOnlyList<Bytes32>>> submit, CancellationToken cancellation)
    {
        await _blockMaking.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            // While it mines after every transaction, the node can file the next one as waiting for the
            // very one that it has just mined, and never look at it again.
            await SwitchAutomineAsync(false, cancellation).ConfigureAwait(false);
            IReadOnlyList<Bytes32> hashes = await submit().ConfigureAwait(false);
            await MineAsync(1, cancellation).ConfigureAwait(false);
            return await Node.WaitForReceiptsAsync(hashes, cancellation).ConfigureAwait(false);
        }
        finally
        {
            await SwitchAutomineAsync(_isAutomining, CancellationToken.None).ConfigureAwait(false);
            _blockMaking.Release();
        }
    }
}

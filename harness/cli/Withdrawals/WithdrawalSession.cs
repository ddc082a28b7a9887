using Culverin.Harness.Rpc;
using Culverin.Harness.Rpc.Transport;
using Culverin.Harness.Sending;
using Culverin.Harness.Withdrawals;
using Culverin.Harness.Withdrawals.Messages;
using Culverin.Harness.Withdrawals.Reading;

namespace Culverin.Harness.Cli.Withdrawals;

/// <summary>The connections of one run.</summary>
internal sealed class WithdrawalSession : IDisposable
{
    private readonly JsonRpcClient _l1Rpc;
    private readonly JsonRpcClient _l2Rpc;
    private readonly JsonRpcClient? _signerRpc;
    private readonly EthereumNode _l1;
    private readonly EthereumNode _l2;
    private TransactionSender? _sender;
    private WithdrawalContracts? _contracts;

    private WithdrawalSession(WithdrawalSettings settings)
    {
        _l1Rpc = new JsonRpcClient(settings.L1);
        _l2Rpc = new JsonRpcClient(settings.L2);
        _signerRpc = settings.Account.Signer is { } signer ? new JsonRpcClient(signer) : null;
        _l1 = new EthereumNode(_l1Rpc);
        _l2 = new EthereumNode(_l2Rpc);
    }

    /// <summary>Finds withdrawals and reads how far they are.</summary>
    public WithdrawalReader Reader => new(_contracts!);

    /// <summary>
    /// Proves and pays. Throws <see cref="CulverinException"/> when no account was named.
    /// </summary>
    public WithdrawalClient Client => new(_contracts!, _sender ?? throw new CulverinException(
        ErrorCode.InvalidArgument, "Name the account that sends on L1: --from or --key-file."));

    /// <summary>Connects; throws <see cref="CulverinException"/> when that fails.</summary>
    public static async Task<WithdrawalSession> OpenAsync(
        WithdrawalSettings settings, CancellationToken cancellation)
    {
        WithdrawalSession session = new(settings);
        try
        {
            session._contracts = await WithdrawalContracts
                .ConnectAsync(session._l1, session._l2, settings.Portal, cancellation)
                .ConfigureAwait(false);
            session._sender = settings.Account.MakeSender(session._l1, session._signerRpc);
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>Closes the connections.</summary>
    public void Dispose()
    {
        _sender?.Dispose();
        _l1.Dispose();
        _l2.Dispose();
        _l1Rpc.Dispose();
        _l2Rpc.Dispose();
        _signerRpc?.Dispose();
    }
}

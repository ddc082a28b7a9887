using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Culverin.Harness.Chain;
using Culverin.Harness.Withdrawals;

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
        _signerRpc = settings.Signer is null ? null : new JsonRpcClient(settings.Signer);
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
                .ConnectAsync(
                    NodePackages.Locate(), session._l1, session._l2, settings.Portal, cancellation)
                .ConfigureAwait(false);
            session._sender = session.MakeSender(settings);
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

    private TransactionSender? MakeSender(WithdrawalSettings settings)
    {
        if (settings.KeyFile is { } path)
        {
            PrivateKey key = PrivateKey.Parse(File.ReadAllText(path).Trim());
            return settings.Sender is { } expected && expected != key.Address
                ? throw new CulverinException(
                    ErrorCode.InvalidArgument, $"The key in '{path}' is that of {key.Address}.")
                : new TransactionSender(_l1, new LocalSigner(key));
        }

        return settings.Sender is { } sender
            ? new TransactionSender(
                _l1, _signerRpc is null ? new NodeAccount(sender) : new RemoteSigner(_signerRpc, sender))
            : null;
    }
}

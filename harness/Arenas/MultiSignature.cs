using System.Text;
using Culverin.Harness.Abi;
using Culverin.Harness.Contracts;
using Culverin.Harness.Sending;
using Culverin.Harness.Values;
using Nethereum.Contracts;
using Contract = Culverin.Harness.Rpc.Contract;

namespace Culverin.Harness.Arenas;

/// <summary>
/// A Safe: an account that acts when enough of its owners have signed (source: Safe contracts 1.3.0).
/// </summary>
public sealed class MultiSignature
{
    private static readonly Bytes32 DomainType =
        Hash("EIP712Domain(uint256 chainId,address verifyingContract)");

    private static readonly Bytes32 TransactionType = Hash(
        "SafeTx(address to,uint256 value,bytes data,uint8 operation,uint256 safeTxGas,uint256 baseGas,"
            + "uint256 gasPrice,address gasToken,address refundReceiver,uint256 nonce)");

    private readonly ulong _chainId;

    /// <summary>Uses the Safe at the contract's address on a chain.</summary>
    public MultiSignature(Contract contract, ulong chainId)
    {
        Contract = contract;
        _chainId = chainId;
    }

    /// <summary>The Safe.</summary>
    public Contract Contract { get; }

    /// <summary>
    /// Lets the Safe call a contract with the signatures of these owners. Throws <see
    /// cref="RevertedException"/> when they are too few or no owners, or the call reverts.
    /// </summary>
    public async Task<TransactionReceipt> ExecuteAsync(
        TransactionSender sender,
        Contract target,
        FunctionMessage call,
        IEnumerable<ArenaAccount> owners,
        CancellationToken cancellation = default)
    {
        GnosisSafe.NonceResult nonce = await Contract
            .ReadAsync(new GnosisSafe.NonceFunction(), cancellation: cancellation)
            .ConfigureAwait(false);
        GnosisSafe.ExecTransactionFunction signed =
            Sign(target.Address, ContractCodec.EncodeCall(call), (ulong)nonce.Value, owners);
        return await sender
            .SendAsync(Contract.Request(sender.Address, signed), cancellation)
            .ConfigureAwait(false);
    }

    /// <summary>The call of the Safe that makes it call the target.</summary>
    internal GnosisSafe.ExecTransactionFunction Sign(
        Address target, byte[] call, ulong nonce, IEnumerable<ArenaAccount> owners)
    {
        Bytes32 hash = TransactionHash(target, call, nonce);

        // The Safe demands ascending owners, so that none counts twice.
        byte[] signatures =
        [
            .. owners.OrderBy(owner => owner.Address.ToString(), StringComparer.Ordinal)
                .SelectMany(owner => owner.Key.Sign(hash).ToBytes()),
        ];
        return new GnosisSafe.ExecTransactionFunction { To = target, Data = call, Signatures = signatures };
    }

    /// <summary>What the owners sign (EIP-712): a plain call without refunds.</summary>
    internal Bytes32 TransactionHash(Address target, byte[] call, ulong nonce)
    {
        byte[] domain = [.. Word(DomainType), .. Word(_chainId), .. Word(Contract.Address)];
        byte[] transaction =
        [
            .. Word(TransactionType), .. Word(target), .. Word(0), .. Word(Bytes32.Keccak256(call)),
            .. Word(0), .. Word(0), .. Word(0), .. Word(0), .. Word(default(Address)),
            .. Word(default(Address)), .. Word(nonce),
        ];
        return Bytes32.Keccak256(
        [
            0x19, 0x01,
            .. Bytes32.Keccak256(domain).ToArray(),
            .. Bytes32.Keccak256(transaction).ToArray(),
        ]);
    }

    private static byte[] Word(Bytes32 value) => value.ToArray();

    private static byte[] Word(ulong value) => Bytes32.FromInteger(value).ToArray();

    private static byte[] Word(Address value)
    {
        byte[] word = new byte[Bytes32.SizeBytes];
        value.CopyTo(word.AsSpan(Bytes32.SizeBytes - Address.SizeBytes));
        return word;
    }

    private static Bytes32 Hash(string text) => Bytes32.Keccak256(Encoding.UTF8.GetBytes(text));
}

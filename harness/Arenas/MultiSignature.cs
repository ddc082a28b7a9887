using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Culverin.Harness.Chain;

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

    private static readonly AbiType DomainFields = AbiType.Parse("(bytes32,uint256,address)");

    private static readonly AbiType TransactionFields = AbiType.Parse(
        "(bytes32,address,uint256,bytes32,uint8,uint256,uint256,uint256,address,address,uint256)");

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
        string function,
        AbiValue[] arguments,
        IEnumerable<ArenaAccount> owners,
        CancellationToken cancellation = default)
    {
        AbiValue nonce = await Contract.ReadAsync("nonce", cancellation: cancellation).ConfigureAwait(false);
        byte[] call = target.Encode(function, arguments);
        AbiValue[] signed = Sign(target.Address, call, (ulong)nonce.AsInteger(), owners);
        return await sender.SendAsync(
            Contract.Request(sender.Address, "execTransaction", signed),
            [Contract.Abi, target.Abi],
            cancellation).ConfigureAwait(false);
    }

    /// <summary>The arguments of execTransaction.</summary>
    internal AbiValue[] Sign(Address target, byte[] call, ulong nonce, IEnumerable<ArenaAccount> owners)
    {
        Bytes32 hash = TransactionHash(target, call, nonce);

        // The Safe demands ascending owners, so that none counts twice.
        byte[] signatures =
        [
            .. owners.OrderBy(owner => owner.Address.ToString(), StringComparer.Ordinal)
                .SelectMany(owner => owner.Key.Sign(hash).ToBytes()),
        ];
        return [target, 0, call, 0, 0, 0, 0, default(Address), default(Address), signatures];
    }

    /// <summary>What the owners sign (EIP-712): a plain call without refunds.</summary>
    internal Bytes32 TransactionHash(Address target, byte[] call, ulong nonce)
    {
        byte[] domain = AbiEncoder.Encode(DomainFields, [DomainType, _chainId, Contract.Address]);
        byte[] transaction = AbiEncoder.Encode(
            TransactionFields,
            [
                TransactionType, target, 0, Bytes32.Keccak256(call), 0, 0, 0, 0, default(Address),
                default(Address), nonce,
            ]);
        return Bytes32.Keccak256(
        [
            0x19, 0x01,
            .. Bytes32.Keccak256(domain).ToArray(),
            .. Bytes32.Keccak256(transaction).ToArray(),
        ]);
    }

    private static Bytes32 Hash(string text) => Bytes32.Keccak256(Encoding.UTF8.GetBytes(text));
}

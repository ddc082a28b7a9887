using System.Numerics;
using System.Text.Json;

namespace Culverin.Harness.Values;

/// <summary>A storage slot's value and the trie nodes from the account's storage root to it.</summary>
public sealed record StorageProof(Bytes32 Slot, BigInteger Value, IReadOnlyList<ReadOnlyMemory<byte>> Nodes);

/// <summary>
/// The answer of eth_getProof: an account, the trie nodes from the block's state root to it, and the same
/// for storage slots. As the node gave it: the contracts, not this type, check it against a state root.
/// </summary>
public sealed record AccountProof(
    Address Address,
    BigInteger Balance,
    ulong Nonce,
    Bytes32 StorageRoot,
    Bytes32 CodeHash,
    IReadOnlyList<ReadOnlyMemory<byte>> Nodes,
    IReadOnlyList<StorageProof> Storage)
{
    /// <summary>Reads the answer; throws <see cref="ChainException"/> when it is malformed.</summary>
    internal static AccountProof Read(JsonElement element)
    {
        JsonObject account = new(element, "account proof");
        return new AccountProof(
            account.Address("address"),
            Hex.ReadLargeQuantity(account.Get("balance")),
            account.Quantity("nonce"),
            account.Word("storageHash"),
            account.Word("codeHash"),
            account.BytesList("accountProof"),
            [.. account.List("storageProof").Select(ReadStorage)]);
    }

    private static StorageProof ReadStorage(JsonElement element)
    {
        JsonObject slot = new(element, "storage proof");
        return new StorageProof(
            Bytes32.FromInteger(Hex.ReadLargeQuantity(slot.Get("key"))),
            Hex.ReadLargeQuantity(slot.Get("value")),
            slot.BytesList("proof"));
    }
}

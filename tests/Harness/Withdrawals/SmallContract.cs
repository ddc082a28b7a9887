using Culverin.Harness.Contracts;
using Culverin.Harness.Rpc;
using Culverin.Harness.Sending;
using Culverin.Harness.Values;
using Nethereum.Contracts;
using Contract = Culverin.Harness.Rpc.Contract;

namespace Culverin.Harness.Tests.Withdrawals;

/// <summary>Contracts of a few instructions, written by hand.</summary>
internal static class SmallContract
{
    /// <summary>
    /// Reverts when it is called without data, until it was called with some: storage slot 0 says so.
    /// CALLDATASIZE ISZERO, jump to 10; SSTORE(0, 1), STOP; 10: SLOAD(0), jump to 19; REVERT; 19: STOP.
    /// </summary>
    internal const string RefusesUntilTold = "3615600a576001" + "5f55005b5f546013575f5ffd5b00";

    /// <summary>
    /// Calls the address in the first word with the rest of the data and all its ether; reverts with it.
    /// </summary>
    internal const string Wallet = "6020360380" + "60205f375f5f825f345f355af16018575f5ffd5b00";

    /// <summary>The same three times, with a third of the ether each time, whatever comes of it.</summary>
    internal static string ThreeTimes { get; } =
        "6020360380" + "60205f37" + Repeat("5f5f825f600334045f355af150", 3) + "00";

    /// <summary>Writes 26 storage slots, which takes some 575,000 gas.</summary>
    internal static string Thirsty { get; } = WriteSlots(26) + "00";

    /// <summary>
    /// Creates a contract with this code: it is copied from behind the nine bytes that return it.
    /// </summary>
    internal static async Task<Address> DeployAsync(TransactionSender sender, string code)
    {
        byte[] runtime = Convert.FromHexString(code);
        byte[] creation = [0x60, (byte)runtime.Length, 0x80, 0x60, 9, 0x5f, 0x39, 0x5f, 0xf3, .. runtime];
        TransactionReceipt receipt =
            await sender.SendAsync(new CallRequest { From = sender.Address, Data = creation });
        return receipt.CreatedContract!.Value;
    }

    /// <summary>The data by which a <see cref="Wallet"/> makes a call.</summary>
    internal static byte[] Through(Contract contract, FunctionMessage call)
    {
        byte[] word = new byte[Bytes32.SizeBytes];
        contract.Address.CopyTo(word.AsSpan(Bytes32.SizeBytes - Address.SizeBytes));
        return [.. word, .. ContractCodec.EncodeCall(call)];
    }

    private static string WriteSlots(int count)
    {
        string code = "";
        for (int slot = 1; slot <= count; slot++)
        {
            code += $"600160{slot:x2}55";
        }

        return code;
    }

    private static string Repeat(string code, int count)
    {
        string all = "";
        for (int index = 0; index < count; index++)
        {
            all += code;
        }

        return all;
    }
}

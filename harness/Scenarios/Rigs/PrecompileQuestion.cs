namespace Culverin.Harness.Scenarios.Rigs;

/// <summary>What a transaction on the L2 asks a precompiled contract.</summary>
/// <param name="Contract">The contract's number.</param>
/// <param name="Input">What it is called with, up to 65,535 bytes.</param>
internal sealed record PrecompileQuestion(byte Contract, ReadOnlyMemory<byte> Input)
{
    /// <summary>
    /// Code that creates an empty contract and calls the precompiled one on the way: it copies what stands
    /// behind it in memory, and calls with that (evm.codes: CODECOPY, STATICCALL, STOP).
    /// </summary>
    internal byte[] CreationCode()
    {
        byte high = (byte)(Input.Length >> 8);
        byte low = (byte)Input.Length;
        byte[] code =
        [
            // CODECOPY(0, end of code, length)
            0x61, high, low, 0x60, 0, 0x60, 0, 0x39,

            // STATICCALL(GAS, contract, 0, length, 0, 0)
            0x60, 0, 0x60, 0, 0x61, high, low, 0x60, 0, 0x60, Contract, 0x5a, 0xfa, 0,
        ];
        code[4] = (byte)code.Length;
        return [.. code, .. Input.Span];
    }
}

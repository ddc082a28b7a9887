using Culverin.Translate.Ir;
using Culverin.X64;

namespace Culverin.Translate.X64;

/// <summary>Which guest registers live in host registers while generated code runs.</summary>
internal sealed class PinnedRegisters
{
    private const int None = -1;

    private readonly int[] _hosts = new int[GuestRegister.Count];
    private readonly int _wordSizeBytes;

    /// <summary>Pins registers.</summary>
    /// <param name="registers">At most as many as there are <see cref="HostLayout.Pins"/>.</param>
    /// <param name="wordSizeBytes">4 or 8.</param>
    public PinnedRegisters(IReadOnlyList<int> registers, int wordSizeBytes)
    {
        _wordSizeBytes = wordSizeBytes;
        Array.Fill(_hosts, None);
        for (int pin = 0; pin < registers.Count; pin++)
        {
            _hosts[registers[pin]] = (int)HostLayout.Pins[pin];
        }
    }

    /// <summary>Whether a register is pinned.</summary>
    public bool IsPinned(int register) => _hosts[register] != None;

    /// <summary>Where a register is while generated code runs: its host register, or its home.</summary>
    public Operand this[int register] =>
        IsPinned(register) ? (Register)_hosts[register] : HomeOf(register);

    /// <summary>Where a register is in the state's native block.</summary>
    public Operand HomeOf(int register) => Operand.At(
        HostLayout.State, (GuestRegister.WordInState(register) * _wordSizeBytes) - HostLayout.StateBias);
}

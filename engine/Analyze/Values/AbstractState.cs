namespace Culverin.Analyze.Values;

/// <summary>
/// What is known of registers and of the words on the stack at one place of a function. Words of the stack
/// are named by their distance from the stack pointer at the function's entry: those below 0 are the
/// function's own, the others are the caller's, where further arguments stand.
/// </summary>
internal sealed class AbstractState
{
    private const int SlotsMax = 64;
    private const int StackPointer = 29;

    private readonly AbstractValue[] _registers = new AbstractValue[32];
    private readonly Dictionary<int, AbstractValue> _slots = [];

    /// <summary>What a register is known to hold.</summary>
    public AbstractValue this[int register]
    {
        get => register == 0 ? AbstractValue.Of(0UL) : _registers[register];
        set => _registers[register] = value;
    }

    /// <summary>
    /// The distance of an address from the stack pointer at the entry; null if it is none of those.
    /// </summary>
    public static int? StackOffsetOf(AbstractValue address) =>
        address is { Origin: ValueOrigin.Register, Place: StackPointer }
            && (long)address.Value is > short.MinValue * 16 and < short.MaxValue * 16
            ? (int)(long)address.Value
            : null;

    /// <summary>Begins a function: every register holds what its caller left there.</summary>
    public void Enter()
    {
        for (int register = 0; register < _registers.Length; register++)
        {
            _registers[register] = AbstractValue.OfRegister(register);
        }

        _slots.Clear();
    }

    /// <summary>Forgets everything.</summary>
    public void Forget()
    {
        Array.Clear(_registers);
        _slots.Clear();
    }

    /// <summary>Forgets what a called function may have changed.</summary>
    /// <param name="kept">The registers that it does not change, a bit each.</param>
    public void ForgetAfterCall(uint kept)
    {
        for (int register = 1; register < _registers.Length; register++)
        {
            if ((kept >> register & 1) == 0)
            {
                _registers[register] = AbstractValue.Unknown;
            }
        }

        _slots.Clear();
    }

    /// <summary>The word that was stored at a distance; null for none that is known.</summary>
    public AbstractValue? Stored(int offsetBytes) =>
        _slots.TryGetValue(offsetBytes, out AbstractValue value) ? value : null;

    /// <summary>Notes a store of one word.</summary>
    public void Store(int offsetBytes, AbstractValue value, int wordSizeBytes)
    {
        ForgetStored(offsetBytes, wordSizeBytes, wordSizeBytes);
        if (_slots.Count < SlotsMax && value.Origin != ValueOrigin.Unknown)
        {
            _slots[offsetBytes] = value;
        }
    }

    /// <summary>Notes that bytes on the stack were changed.</summary>
    public void ForgetStored(int offsetBytes, int sizeBytes, int wordSizeBytes)
    {
        for (int at = offsetBytes - wordSizeBytes + 1; at < offsetBytes + sizeBytes && _slots.Count > 0; at++)
        {
            _slots.Remove(at);
        }
    }

    /// <summary>Forgets all words that were stored.</summary>
    public void ForgetAllStored() => _slots.Clear();

    /// <summary>Takes over another state.</summary>
    public void Copy(AbstractState other)
    {
        other._registers.CopyTo(_registers, 0);
        _slots.Clear();
        foreach ((int offset, AbstractValue value) in other._slots)
        {
            _slots.Add(offset, value);
        }
    }

    /// <summary>Keeps only what another state says too.</summary>
    /// <returns>Whether anything was forgotten.</returns>
    public bool Meet(AbstractState other)
    {
        bool isChanged = false;
        for (int register = 1; register < _registers.Length; register++)
        {
            if (_registers[register] != other._registers[register]
                && _registers[register].Origin != ValueOrigin.Unknown)
            {
                _registers[register] = AbstractValue.Unknown;
                isChanged = true;
            }
        }

        foreach ((int offset, AbstractValue value) in _slots)
        {
            // Removing while enumerating is allowed and keeps the enumeration valid.
            if (other.Stored(offset) != value)
            {
                _slots.Remove(offset);
                isChanged = true;
            }
        }

        return isChanged;
    }
}

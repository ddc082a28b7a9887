using System.Diagnostics.CodeAnalysis;

namespace Culverin.Abi;

/// <summary>
/// What a handle stands for. It counts the calls under way, so that freeing it while another thread uses it
/// only takes effect when that call returns.
/// </summary>
[SuppressMessage(
    "Design",
    "CA1001",
    Justification = "Other threads may still ask the source when the handle is freed.")]
internal abstract class HandleObject
{
    private const int Closed = 1 << 30;

    private readonly CancellationTokenSource _closing = new();
    private int _users;

    /// <summary>Its number on the C side.</summary>
    public nint Handle { get; set; }

    /// <summary>What the last failed call had to say.</summary>
    public string Message { get; set; } = "";

    /// <summary>Signalled when the handle is freed.</summary>
    public CancellationToken Closing => _closing.Token;

    /// <summary>Whether several calls may be under way at once.</summary>
    protected virtual bool IsShared => false;

    /// <summary>Begins a call; false when the handle is closed, or in use and not shared.</summary>
    public bool TryEnter()
    {
        if (!IsShared)
        {
            return Interlocked.CompareExchange(ref _users, 1, 0) == 0;
        }

        int users;
        do
        {
            users = Volatile.Read(ref _users);
            if (users >= Closed)
            {
                return false;
            }
        }
        while (Interlocked.CompareExchange(ref _users, users + 1, users) != users);
        return true;
    }

    /// <summary>Ends a call; the last one after closing releases everything.</summary>
    public void Leave()
    {
        if (Interlocked.Decrement(ref _users) == Closed)
        {
            Release();
        }
    }

    /// <summary>
    /// Ends the handle's life: at once, or when the calls under way, which are cancelled, are over.
    /// </summary>
    public void Close()
    {
        if (Interlocked.Add(ref _users, Closed) == Closed)
        {
            Release();
        }
        else
        {
            _closing.Cancel();
        }
    }

    /// <summary>Releases what the handle stands for.</summary>
    protected virtual void Release()
    {
    }
}

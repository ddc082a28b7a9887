using Culverin.Abi.Types;

namespace Culverin.Abi;

/// <summary>
/// The way in and out: finds what a handle stands for, keeps other threads off it, and turns everything that
/// can go wrong into a status and a message. No exception passes.
/// </summary>
internal static unsafe class Boundary
{
    [ThreadStatic]
    private static string? _threadMessage;

    // What the call under way would need, and has.
    [ThreadStatic]
    private static (nuint Needed, nuint Given) _tooSmall;

    /// <summary>What the last call of this thread that had no handle to tell it by had to say.</summary>
    public static string ThreadMessage => _threadMessage ?? "";

    /// <summary>A call without a handle.</summary>
    public static Status Call(Func<Status> body)
    {
        try
        {
            Status status = body();
            if (status == Status.BufferTooSmall)
            {
                _threadMessage = TooSmallText();
            }

            return status;
        }
        catch (Exception error)
        {
            _threadMessage = error.Message;
            return StatusOf(error);
        }
    }

    /// <summary>A call that makes a handle; on any error it becomes null.</summary>
    public static Status Create(void** created, Func<HandleObject> make)
    {
        // SAFETY: every pointer from outside is null, which is refused, or valid by the header's contract.
        if (created is null)
        {
            return Misuse("There is no place for the new handle.");
        }

        *created = null;
        try
        {
            *created = (void*)HandleTable.Add(make());
            return Status.Ok;
        }
        catch (Exception error)
        {
            _threadMessage = error.Message;
            return StatusOf(error);
        }
    }

    /// <summary>A call on a handle.</summary>
    public static Status Use<TObject>(void* handle, Func<TObject, Status> body)
        where TObject : HandleObject
    {
        if (HandleTable.Find((nint)handle) is not TObject target)
        {
            return Misuse("The handle is null, freed, or of another kind.");
        }

        if (!target.TryEnter())
        {
            return Misuse("The handle is in use by another thread.");
        }

        try
        {
            Status status = body(target);
            if (status == Status.BufferTooSmall)
            {
                target.Message = TooSmallText();
            }

            return status;
        }
        catch (Exception error)
        {
            target.Message = error.Message;
            return StatusOf(error);
        }
        finally
        {
            Leave(target);
        }
    }

    /// <summary>A call on a handle that makes another; errors are told by the first.</summary>
    public static Status Create<TObject>(void* handle, void** created, Func<TObject, HandleObject> make)
        where TObject : HandleObject
    {
        if (created is null)
        {
            return Misuse("There is no place for the new handle.");
        }

        *created = null;
        return Use<TObject>(handle, target =>
        {
            *created = (void*)HandleTable.Add(make(target));
            return Status.Ok;
        });
    }

    /// <summary>Frees a handle; null is none and nothing to do.</summary>
    public static Status Free<TObject>(void* handle)
        where TObject : HandleObject
    {
        if (handle is null)
        {
            return Status.Ok;
        }

        if (HandleTable.Find((nint)handle) is not TObject target || !HandleTable.Remove(target))
        {
            return Misuse("The handle was freed before, or is of another kind.");
        }

        return Call(() =>
        {
            target.Close();
            return Status.Ok;
        });
    }

    /// <summary>Refuses a call, with a sentence.</summary>
    public static Status Misuse(string message)
    {
        _threadMessage = message;
        return Status.Misuse;
    }

    /// <summary>The status of a buffer that is too small, of which the call's message will tell.</summary>
    public static Status TooSmall(nuint needed, nuint given)
    {
        _tooSmall = (needed, given);
        return Status.BufferTooSmall;
    }

    /// <summary>A call that hands out messages: it leaves none of its own.</summary>
    public static Status Tell(string message, sbyte* text, nuint textSize, nuint* textLength)
    {
        try
        {
            return Arguments.ReturnText(text, textSize, textLength, message);
        }
        catch (MisuseException error)
        {
            return Misuse(error.Message);
        }
    }

    private static string TooSmallText() =>
        $"The buffer has {_tooSmall.Given} bytes; {_tooSmall.Needed} bytes are needed.";

    private static void Leave(HandleObject target)
    {
        try
        {
            target.Leave();
        }
        catch (Exception error)
        {
            // The call itself went well; that a freed handle could not be released cleanly is only told.
            _threadMessage = error.Message;
        }
    }

    private static Status StatusOf(Exception error) => error switch
    {
        CulverinException known => (Status)(int)known.Code,
        MisuseException => Status.Misuse,
        OutOfMemoryException => Status.HostResource,
        _ => Status.Internal,
    };
}

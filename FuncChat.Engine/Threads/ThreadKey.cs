using FuncChat.Engine.Store;

namespace FuncChat.Engine.Threads;

/// <summary>Names a thread. Ids belong to a user, so no user can reach another's thread by guessing.</summary>
public readonly record struct ThreadKey(string User, string ThreadId)
{
    /// <summary>Whether an id is valid: 8 to 64 letters, digits, '_' and '-', as for turns.</summary>
    public static bool IsThreadId(string id) => TurnKey.IsTurnId(id);

    /// <summary>Returns a new id that is impossible to guess.</summary>
    public static string NewThreadId() => $"thread_{Guid.NewGuid():N}";

    internal TurnKey Turn(string turnId) => new(User, turnId);
}

using System.Text.Json;
using FuncChat.Engine.Store;

namespace FuncChat.Engine.Approvals;

/// <summary>How stores name and write a turn that waits.</summary>
public static class WaitingTurnName
{
    /// <summary>A name that is valid in every store, and unique to the turn.</summary>
    public static string Of(TurnKey key) => TurnKey.IsTurnId(key.TurnId)
        ? $"{PrefixOf(key.User)}{key.TurnId}.json"
        : throw new ArgumentException("The turn id is not valid.", nameof(key));

    /// <summary>Whether a turn may have this name.</summary>
    public static bool IsName(string name) => name.Split('.') is [var user, var turnId, "json"] && UserHash.IsHash(user) && TurnKey.IsTurnId(turnId);

    /// <summary>What the names of a user's turns begin with.</summary>
    public static string PrefixOf(string user) => $"{UserHash.Of(user)}.";

    public static byte[] Write(TurnKey key) => JsonSerializer.SerializeToUtf8Bytes(key, EngineJson.Relaxed.TurnKey);

    /// <summary>Reads a turn; null if the bytes are not one, or that of another name.</summary>
    public static TurnKey? TryRead(string name, ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, EngineJson.Default.TurnKey) is { User: not null, TurnId: not null } key && TurnKey.IsTurnId(key.TurnId) && Of(key) == name ? key : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

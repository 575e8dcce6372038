using FuncChat.Engine.Store;
using FuncChat.Web.Http;
using Microsoft.AspNetCore.Http;

namespace FuncChat.Web.OpenAi;

/// <summary>The header by which clients mark a request that they may send again.</summary>
internal static class IdempotencyKey
{
    /// <summary>The id of the turn that the key names, or null. A key that can't be a turn's id is hashed into one.</summary>
    public static string? Of(HttpRequest request)
    {
        var key = request.Headers["Idempotency-Key"].ToString();
        return key.Length == 0 ? null
            : TurnKey.IsTurnId(key) ? key
            : HashedId.Of("key_", key);
    }
}

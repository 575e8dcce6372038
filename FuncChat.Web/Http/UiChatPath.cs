using Microsoft.AspNetCore.Http;

namespace FuncChat.Web.Http;

/// <summary>The paths at which this server has the chats of the AI SDK.</summary>
internal static class UiChatPath
{
    public const string Prefix = "/api/ui";

    public static bool Includes(PathString path) => path.StartsWithSegments(Prefix, StringComparison.OrdinalIgnoreCase);
}

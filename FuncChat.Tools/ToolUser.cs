using System.Text;

namespace FuncChat.Tools;

/// <summary>The user that tools are listed for and run for.</summary>
/// <param name="Id">The user's id; empty where it is unknown, as in a run on another instance.</param>
/// <param name="Token">The access token of the request at hand. It is never stored.</param>
public sealed record ToolUser(string Id, string? Token = null)
{
    public static ToolUser Unknown { get; } = new("");

    // What a record prints ends up in logs: the token does not belong there.
    private bool PrintMembers(StringBuilder builder)
    {
        builder.Append($"Id = {Id}");
        return true;
    }
}

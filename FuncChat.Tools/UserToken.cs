namespace FuncChat.Tools;

/// <summary>
/// The access token of the request that is being answered, for tool sources that act as the user. It flows with the request's own calls, and is read once
/// where a turn starts or continues.
/// </summary>
public static class UserToken
{
    private static readonly AsyncLocal<string?> Flowing = new();

    public static string? Current
    {
        get => Flowing.Value;
        set => Flowing.Value = value;
    }
}

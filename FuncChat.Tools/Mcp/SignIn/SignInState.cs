using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace FuncChat.Tools.Mcp.SignIn;

/// <summary>The `state` of a sign-in: a random value that only its user's own pending sign-in has, the server, and the page to return to.</summary>
/// <param name="Page">The origin of the page.</param>
public sealed record SignInState(string Random, string Server, string Page)
{
    private const int MaxLength = 512;

    /// <summary>A new state, which can't be guessed.</summary>
    public static SignInState New(string server, string page) => new(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32)), server, page);

    /// <summary>Reads a state, which may be anyone's.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out SignInState? state)
    {
        state = null;
        if (text is not { Length: > 0 and <= MaxLength } || text.Split('.') is not [var random, var server, var page])
            return false;
        try
        {
            state = new SignInState(random, server, Encoding.UTF8.GetString(Base64Url.DecodeFromChars(page)));
            return true;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    public override string ToString() => $"{Random}.{Server}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(Page))}";
}

/// <summary>How the user's browser returned from the authorization server.</summary>
public sealed record SignInResponse(string State, string? Code, string? Issuer, string? Error);

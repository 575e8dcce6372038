using Microsoft.AspNetCore.Http;

namespace FuncChat.Web.Http;

/// <summary>A parameter that is `true` or `false`, in any case.</summary>
internal static class QueryFlag
{
    /// <summary>Reads the parameter; false if the query does not have it.</summary>
    /// <returns>False if it has another value.</returns>
    public static bool TryRead(IQueryCollection query, string name, out bool flag)
    {
        var text = query[name].ToString();
        flag = text.Equals("true", StringComparison.OrdinalIgnoreCase);
        return flag || text.Length == 0 || text.Equals("false", StringComparison.OrdinalIgnoreCase);
    }
}

filedesc://crawl.arc 192.0.2.7 20040301101112 text/plain 68
1 0 Crawler
URL IP-address Archive-date Content-type Archive-length

https://one.example/page 192.0.2.7 20040301101112 texthttps://two.example/page 192.0.2.7 20040301101112 text/html 47
HTTP/1.0 200 OK

<html>The page of two</html>
https://three.example/page 192.0.2.7 20040301101112 text/html 49
HTTP/1.0 200 OK

<html>The page of three</html>
